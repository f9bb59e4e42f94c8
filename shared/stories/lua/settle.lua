-- Pages that the index has answered for are in flight no more; a newer version of one stays.
-- ARGV 3.. : id, version of each page
for at = 3, #ARGV, 2 do
  local entry = entry_of(ARGV[at])
  if entry and entry.version <= tonumber(ARGV[at + 1]) then forget(ARGV[at], entry) end
end
return true
