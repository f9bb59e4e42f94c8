-- ARGV from FIRST: note, then members. Answers the members let go.
local note, answer = ARGV[FIRST], {}
for i = FIRST + 1, #ARGV do
  local member = ARGV[i]
  local d = fields(P .. 'd:' .. member)
  if d.room then
    local id, ver = split(member)
    unbury(member, d)
    redis.call('DEL', P .. 'b:' .. member)
    redis.call('HSET', P .. 'jobs', 'live:' .. member, '1')
    count('dropped:discarded', 1)
    count('gone:' .. d.room, 1)
    local rec = load(id)
    if rec then
      rec.d = without(rec.d, ver)
      if rec.n.v == ver then
        rec.n.s, rec.n.r, rec.n.e = 'dropped', 'discarded', now
        rec.n.tl = with(rec.n.tl, {d.room, 0, now, now, 0, 'dropped', string.sub(note, 1, 200)})
      end
      save(id, rec)
    end
    outcome(id, ver, 'dropped', 'discarded', d.src)
    answer[#answer + 1] = member
  end
end
return answer
