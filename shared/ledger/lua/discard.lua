-- ARGV from FIRST: note, then members. Answers the members let go.
local answer = {}
for i = FIRST + 1, #ARGV do
  if let_go(ARGV[i], 'discarded', ARGV[FIRST]) then answer[#answer + 1] = ARGV[i] end
end
return answer
