-- Put before the prelude of every script that writes. What is counted of pages beside the equation, under the prefix P:
--   m         measures, for ever: KIND:ROOM:MS how many took no longer (work, wait), KIND_us:ROOM their sum in microseconds,
--             died:ROOM:REASON, retry:ROOM:REASON
--   day:DATE  pages by site and fate on that day (UTC), fields FATE|SITE; those of a site that is counted by name begin
--             with accepted|SITE, and beyond SITES_A_DAY of them (field `sites`) a site counts as *
-- A script gathers its measures and writes them once at its end: a batch costs as many commands as one page.
local BOUNDS = {1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 900000, 3600000, 21600000}
local SITES_A_DAY, DAYS_KEPT = 2000, 120
-- A year: a clock that was far off must not make a sum that Redis refuses, behind everything else that the step wrote.
local LONGEST_US = 31557600000000
local measures, days = {}, {}

local function measure(field, by) measures[field] = (measures[field] or 0) + by end

-- One duration; a page that was not worked on has none.
local function observe(kind, room, ms)
  ms = tonumber(ms)
  if not ms then return end
  local bound = 'inf'
  for _, each in ipairs(BOUNDS) do if ms <= each then bound = each break end end
  measure(kind .. ':' .. room .. ':' .. bound, 1)
  measure(kind .. '_us:' .. room, math.max(0, math.min(LONGEST_US, math.floor(ms * 1000))))
end

local function fate(what, site)
  if site and site ~= '' then days[what .. '|' .. site] = (days[what .. '|' .. site] or 0) + 1 end
end

-- The name that a site counts under on a day.
local function named(key, site)
  if redis.call('HEXISTS', key, 'accepted|' .. site) == 1 then return site end
  if tonumber(redis.call('HGET', key, 'sites') or 0) >= SITES_A_DAY then return '*' end
  redis.call('HINCRBY', key, 'sites', 1)
  redis.call('HSET', key, 'accepted|' .. site, 0)
  return site
end

local function note_days()
  if not next(days) then return end
  -- Days since 1970 to a date (Hinnant's civil_from_days), for scripts have no os.date.
  local z = math.floor(redis.call('TIME')[1] / 86400) + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local month = mp < 10 and mp + 3 or mp - 9
  local key = string.format('%sday:%04d-%02d-%02d', ARGV[1], yoe + era * 400 + (month <= 2 and 1 or 0), month,
    doy - math.floor((153 * mp + 2) / 5) + 1)
  if redis.call('EXISTS', key) == 0 then
    redis.call('HSET', key, 'since', 0)
    redis.call('EXPIRE', key, DAYS_KEPT * 86400)
  end
  for field, by in pairs(days) do
    local what, site = string.match(field, '^(%w+)|(.*)')
    redis.call('HINCRBY', key, what .. '|' .. named(key, site), by)
  end
end

local function note_measures()
  for field, by in pairs(measures) do redis.call('HINCRBY', ARGV[1] .. 'm', field, by) end
  note_days()
end
