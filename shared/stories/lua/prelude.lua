-- What is in flight between the enrich room and the search index.
-- KEYS[1] pages: id -> {version, story, signature}; story '' until it is confirmed
-- KEYS[2] bands: band number and its bytes of the signature -> id of the page that came with it first
-- KEYS[3] due:   id, scored by the ms at which it is forgotten if nobody settles it
local pages, bands, due = KEYS[1], KEYS[2], KEYS[3]
local BANDS, BAND_BYTES = tonumber(ARGV[1]), tonumber(ARGV[2])

local function entry_of(id)
  local packed = redis.call('HGET', pages, id)
  if not packed then return nil end
  local version, story, signature = unpack(cmsgpack.unpack(packed))
  return {version = version, story = story, signature = signature}
end

local function save(id, entry)
  redis.call('HSET', pages, id, cmsgpack.pack({entry.version, entry.story, entry.signature}))
end

local function bands_of(signature)
  local found = {}
  for at = 0, BANDS - 1 do
    found[at + 1] = string.char(at) .. string.sub(signature, at * BAND_BYTES + 1, (at + 1) * BAND_BYTES)
  end
  return found
end

local function forget(id, entry)
  local names, mine = bands_of(entry.signature), {}
  for at, holder in ipairs(redis.call('HMGET', bands, unpack(names))) do
    if holder == id then mine[#mine + 1] = names[at] end
  end
  if #mine > 0 then redis.call('HDEL', bands, unpack(mine)) end
  redis.call('HDEL', pages, id)
  redis.call('ZREM', due, id)
end
