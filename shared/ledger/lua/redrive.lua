-- ARGV from FIRST: per page member, frame or '' where the body is still here. Answers the members sent again.
local answer = {}
for i = FIRST, #ARGV, 2 do
  local member, frame = ARGV[i], ARGV[i + 1]
  local d = fields(P .. 'd:' .. member)
  local here = redis.call('EXISTS', P .. 'b:' .. member) == 1
  if d.room and (here or frame ~= '') then
    local id, ver = split(member)
    if not here then redis.call('SET', P .. 'b:' .. member, frame) end
    unbury(member, d)
    count('out:' .. d.room, 1)
    count('bytes', d.size)
    redis.call('HSET', P .. 'jobs', 'live:' .. member, '1')
    local api_key = d.key or ''
    redis.call('HSET', P .. 'e:' .. member, 'acc', d.acc, 'size', d.size, 'strikes', 0,
      'src', d.src, 'key', api_key, 'site', d.site, 'url', d.url, 'rid', d.rid or '', 'tp', d.tp or '')
    enter(member, {turn = LAST}, 'clean', 'clean')
    stand(member, api_key, d.src)
    under_way(api_key, d.src, 1)
    local rec = load(id) or {n = {v = ver, at = tonumber(d.acc)}}
    local way = {h = rec.n.v == ver and rec.n.h and cjson.encode(rec.n.h) or nil}
    remember(member, way, tonumber(d.died), 'died', d.room, d.reason .. ': ' .. d.detail)
    remember(member, way, now, 'sent-again', 'clean', '')
    rec.d, rec.w = without(rec.d, ver), with(rec.w, ver)
    if rec.n.v == ver then rec.n.s, rec.n.r, rec.n.e, rec.n.tl, rec.n.h = 'walking', nil, nil, nil, nil end
    save(id, rec)
    answer[#answer + 1] = member
  end
end
return answer
