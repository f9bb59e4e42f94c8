-- For each page, in order: its story, for all who meet it from now on.
-- ARGV 3.. : 1 to wait for others, 0 to wait no longer; then id, version, story or '', id of the near copy that it
-- waits for
-- Answer: for each page the story that holds; '' where the near copy's is not confirmed yet; nil where it has left.
local WAIT = ARGV[3] == '1'

local function story_behind(id)
  local entry = entry_of(id)
  if not entry then return nil end
  if entry.story == '' and not WAIT then
    entry.story = id  -- whoever brought it has been cut off; it finds its story told when it comes again
    save(id, entry)
  end
  return entry.story
end

local function confirm(id, version, story, behind)
  if story == '' then story = story_behind(behind) end
  if not story or story == '' then return story or false end
  local own = entry_of(id)
  if not own or own.version ~= version then return story end
  if own.story == '' then
    own.story = story
    save(id, own)
  end
  return own.story
end

local answer = {}
for at = 4, #ARGV, 4 do
  answer[#answer + 1] = confirm(ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2], ARGV[at + 3])
end
return answer
