import type { Result } from "ioredis";

/** The line's steps, each whole or not at all. Time is Redis's own. All keys of a show live on one node. */
const clock = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** The draw is over entries 1 to \`drawn\`: whoever comes first after its time fixes that number, whatever they came for. */
const fixDraw = `
local function fixDraw(joined, drawAt)
  local drawn = redis.call('hget', KEYS[1], 'drawn')
  if drawn then return tonumber(drawn) end
  if now < tonumber(drawAt) then return nil end
  redis.call('hset', KEYS[1], 'drawn', joined)
  return joined
end
`;

/**
 * \`joined\` is nil when there is no line, also when a server came back with an older copy of it: it would give entries twice.
 * The server's run id tells; asking for it takes Redis 28 µs.
 */
const joinedOrLost = `
local run = string.match(redis.call('info', 'server'), 'run_id:(%w+)')
local joined = nil
if redis.call('hget', KEYS[1], 'run') == run then joined = tonumber(redis.call('hget', KEYS[1], 'joined')) end
`;

/** Somebody inside leaves; their pass is dead for every process that hears of it while it might still be shown. */
const end = `
local function endPass(number)
  if redis.call('zrem', KEYS[2], number) == 1 then redis.call('zadd', KEYS[4], now, number) end
end
`;

export const lineScripts = {
  // KEYS: state, inside, left, ended, places, gone, presence of this minute.
  // ARGV: person, drawAt, entry that is over or 0, entry of a signed place or 0, presence seconds, the guest whose signed place it
  // is or '', the person in hexadecimal.
  joinLine: `${clock}${fixDraw}${joinedOrLost}
if not joined then return { -1 } end
-- Who has left before the draw and comes back takes part.
local function comesBack(entry)
  redis.call('srem', KEYS[6], entry)
  return { tonumber(entry) }
end
local known = redis.call('hget', KEYS[5], ARGV[1])
local entry = known and tonumber(string.match(known, '^%d+'))
if entry and entry ~= tonumber(ARGV[3]) then return comesBack(entry) end
if ARGV[6] ~= '' and ARGV[4] ~= '0' then
  -- A guest's place becomes one user's, and stays the guest's as well: both names mean the same entry.
  local guest = redis.call('hget', KEYS[5], ARGV[6])
  local user = string.match(guest or '', ':(%x+)$')
  if (not guest or string.match(guest, '^%d+') == ARGV[4]) and (not user or user == ARGV[7]) then
    redis.call('hset', KEYS[5], ARGV[6], ARGV[4] .. '::' .. ARGV[7], ARGV[1], ARGV[4])
    return comesBack(ARGV[4])
  end
elseif not entry and ARGV[4] ~= '0' then
  redis.call('hset', KEYS[5], ARGV[1], ARGV[4])
  return comesBack(ARGV[4])
end
local drawn = fixDraw(joined, ARGV[2])
if joined >= tonumber(redis.call('hget', KEYS[1], 'max')) then return { 0 } end
joined = redis.call('hincrby', KEYS[1], 'joined', 1)
redis.call('hset', KEYS[5], ARGV[1], joined)
if drawn then
  redis.call('setbit', KEYS[7], joined, 1)
  redis.call('expire', KEYS[7], ARGV[5])
end
return { joined }`,

  // KEYS: state, inside, left, ended, places. ARGV: entries before, entries max, served, drawn or '', quiet ms.
  restoreLine: `${clock}${joinedOrLost}
if not joined then
  redis.call('del', KEYS[1], KEYS[2], KEYS[4], KEYS[5])
  redis.call('hset', KEYS[1], 'run', run, 'joined', ARGV[1], 'max', ARGV[2], 'served', ARGV[3], 'quiet', now + ARGV[5])
  if ARGV[4] ~= '' then redis.call('hset', KEYS[1], 'drawn', ARGV[4]) end
elseif tonumber(redis.call('hget', KEYS[1], 'max')) < tonumber(ARGV[2]) then
  redis.call('hset', KEYS[1], 'max', ARGV[2])
end
return 1`,

  // What processes remember of a line that was lost. KEYS: state, inside, left, ended, places. ARGV: served, how many have ended, their
  // numbers …, and of each who was called the number and until when.
  remindLine: `${clock}${joinedOrLost}
if not joined or now >= tonumber(redis.call('hget', KEYS[1], 'quiet')) then return 0 end
if tonumber(ARGV[1]) > tonumber(redis.call('hget', KEYS[1], 'served')) then redis.call('hset', KEYS[1], 'served', ARGV[1]) end
local called = 3 + tonumber(ARGV[2])
for index = 3, called - 1 do
  redis.call('zrem', KEYS[2], ARGV[index])
  redis.call('zadd', KEYS[4], 'NX', now, ARGV[index])
end
for index = called, #ARGV, 2 do
  -- One process may have called whose end another has heard of; and who has renewed since has more time.
  if not redis.call('zscore', KEYS[4], ARGV[index]) then redis.call('zadd', KEYS[2], 'NX', ARGV[index + 1], ARGV[index]) end
end
return 1`,

  // KEYS: state, inside, left, ended, places, presence of this minute and of those before.
  // ARGV: drawAt, admitFrom, inside max, calls a second, call ms, ended since, presence seconds, present numbers …
  turnLine: `${clock}${fixDraw}${joinedOrLost}
if not joined then return { -1 } end
local drawn = fixDraw(joined, ARGV[1])
if #ARGV > 7 then
  for index = 8, #ARGV do redis.call('setbit', KEYS[6], ARGV[index], 1) end
  redis.call('expire', KEYS[6], ARGV[7])
end
for index = 1, 5 do redis.call('expire', KEYS[index], 604800) end
redis.call('zremrangebyscore', KEYS[2], '-inf', '(' .. now)
redis.call('zremrangebyscore', KEYS[4], '-inf', '(' .. (now - 3600000))

local served = tonumber(redis.call('hget', KEYS[1], 'served'))
local quiet = tonumber(redis.call('hget', KEYS[1], 'quiet'))
local inside = redis.call('zcard', KEYS[2])
local called = {}
local function isThere(number)
  if redis.call('getbit', KEYS[3], number) == 1 then return false end
  for index = 6, #KEYS do
    if redis.call('getbit', KEYS[index], number) == 1 then return true end
  end
  return false
end
if drawn and now >= tonumber(ARGV[2]) and now >= quiet then
  -- What every process would call since the last turn of any of them, and no more than a second's worth at once. The first turn in which
  -- somebody waits has half of that: who is called together orders together.
  local perSecond = tonumber(ARGV[4])
  local turnedAt, kept, keptLooks = unpack(redis.call('hmget', KEYS[1], 'turnedAt', 'calls', 'looks'))
  local calls = math.max(perSecond / 2, math.min(perSecond, 1))
  if turnedAt then calls = (kept or 0) + perSecond * (now - turnedAt) / 1000 end
  calls = math.min(calls, math.max(perSecond, 1))
  local room = math.min(tonumber(ARGV[3]) - inside, math.floor(calls))
  -- Those who have gone cost a look each; the rest of them is for the next turn. However many turns there are, three looks a
  -- millisecond: whoever asks once in 75 s is heard of before their number is looked at, since 300,000 numbers are (show-line.ts).
  local looks = 2000
  if turnedAt then looks = math.min(looks, (keptLooks or 0) + 3 * (now - turnedAt)) end
  local before = served
  while room > 0 and looks > 0 and served < joined do
    served = served + 1
    looks = looks - 1
    if isThere(served) then
      redis.call('zadd', KEYS[2], now + ARGV[5], served)
      called[#called + 1] = served
      room = room - 1
      calls = calls - 1
      inside = inside + 1
    end
  end
  if turnedAt or joined > before then
    redis.call('hset', KEYS[1], 'turnedAt', now, 'calls', tostring(calls), 'looks', math.floor(looks))
  end
  if served > before then redis.call('hset', KEYS[1], 'served', served) end
end
local calledInAll = redis.call('hincrby', KEYS[1], 'calledInAll', #called)
local answer = { now, joined, served, inside, drawn or -1, quiet, calledInAll, #called }
for _, number in ipairs(called) do answer[#answer + 1] = number end
for _, number in ipairs(redis.call('zrevrangebyscore', KEYS[4], '+inf', ARGV[6], 'limit', 0, 5000)) do
  answer[#answer + 1] = tonumber(number)
end
return answer`,

  // KEYS: state, inside, left, ended, places. ARGV: person, entry, number, inside ms or 0 for a look, ms max since the first time,
  // the user who enters, the same in hexadecimal.
  enterLine: `${clock}${joinedOrLost}
if not joined then return { 'lost', 0 } end
local known = redis.call('hget', KEYS[5], ARGV[1])
local entry = known and tonumber(string.match(known, '^%d+'))
if entry and entry ~= tonumber(ARGV[2]) then return { 'replaced', entry } end
local since = string.match(known or '', '^%d+:%d+:(%d+):')
local user = string.match(known or '', ':(%x+)$')
local untilMs = redis.call('zscore', KEYS[2], ARGV[3])
if untilMs and now - (since or now) <= tonumber(ARGV[5]) then
  since = since or now
  if ARGV[4] == '0' then return { 'inside', tonumber(untilMs), tonumber(since) } end
  -- A guest's place lets in one user, who has no other: it is known under both names, so that a purchase ends it.
  if user and user ~= ARGV[7] then return { 'replaced', entry } end
  local other = redis.call('hget', KEYS[5], ARGV[6])
  local otherEntry = other and tonumber(string.match(other, '^%d+'))
  if otherEntry and otherEntry ~= tonumber(ARGV[2]) then return { 'replaced', otherEntry } end
  local value = table.concat({ ARGV[2], ARGV[3], since, ARGV[7] }, ':')
  redis.call('hset', KEYS[5], ARGV[1], value, ARGV[6], value)
  redis.call('zadd', KEYS[2], now + ARGV[4], ARGV[3])
  return { 'inside', now + ARGV[4], tonumber(since) }
end
if redis.call('getbit', KEYS[3], ARGV[3]) == 1 or redis.call('zscore', KEYS[4], ARGV[3]) then return { 'missed', 0 } end
-- After a loss the signed place stands for itself.
if not entry then redis.call('hset', KEYS[5], ARGV[1], ARGV[2]) end
local served, quiet = unpack(redis.call('hmget', KEYS[1], 'served', 'quiet'))
-- While the line is put together again, the process that has called them may still say so.
if tonumber(ARGV[3]) > tonumber(served) or now < tonumber(quiet) then return { 'waiting', 0 } end
return { 'missed', 0 }`,

  // KEYS: state, inside, left, ended. ARGV: number, inside ms.
  renewLine: `${clock}${joinedOrLost}
if not joined then return { 'lost', 0 } end
if redis.call('zscore', KEYS[4], ARGV[1]) then return { 'ended', 0 } end
-- While the line is put together again, whoever has a valid pass was inside.
if not redis.call('zscore', KEYS[2], ARGV[1]) and now >= tonumber(redis.call('hget', KEYS[1], 'quiet')) then
  return { 'ended', 0 }
end
redis.call('zadd', KEYS[2], now + ARGV[2], ARGV[1])
return { 'inside', now + ARGV[2] }`,

  // KEYS: state, inside, left, ended, places, gone. ARGV: person, entry, number or 0.
  leaveLine: `${clock}${end}
local known = redis.call('hget', KEYS[5], ARGV[1])
-- Another place of the same person is not this slip's to give back.
if known and string.match(known, '^%d+') ~= ARGV[2] then return 1 end
-- Before the draw nobody's turn is known: who does not come back is passed over, and who comes back takes part once.
if ARGV[3] == '0' then
  redis.call('sadd', KEYS[6], ARGV[2])
  redis.call('expire', KEYS[6], 604800)
  return 1
end
redis.call('hdel', KEYS[5], ARGV[1])
redis.call('setbit', KEYS[3], ARGV[3], 1)
endPass(ARGV[3])
return 1`,

  // KEYS: presence of a minute, gone. ARGV: presence seconds, and of each who was heard of in it the entry and the number.
  hearLine: `
for index = 2, #ARGV, 2 do
  if redis.call('sismember', KEYS[2], ARGV[index]) == 0 then redis.call('setbit', KEYS[1], ARGV[index + 1], 1) end
end
redis.call('expire', KEYS[1], ARGV[1])
return 1`,

  // KEYS: people of this minute, and of the one before. ARGV: people …
  countPeople: `
redis.call('pfadd', KEYS[1], unpack(ARGV))
redis.call('expire', KEYS[1], 180)
return { redis.call('pfcount', KEYS[1]), redis.call('pfcount', KEYS[2]) }`,

  // KEYS: state, inside, left, ended, places. ARGV: person.
  finishLine: `${clock}${end}
local known = redis.call('hget', KEYS[5], ARGV[1])
local number = known and string.match(known, '^%d+:(%d+)')
if number then
  redis.call('hdel', KEYS[5], ARGV[1])
  endPass(number)
end
return 1`,
};

type Arguments = (string | number | Buffer)[];

// What defineCommand adds: each script is loaded once and called by its hash.
declare module "ioredis" {
  interface RedisCommander<Context> {
    joinLine(keys: number, ...rest: Arguments): Result<[number], Context>;
    restoreLine(keys: number, ...rest: Arguments): Result<number, Context>;
    hearLine(keys: number, ...rest: Arguments): Result<number, Context>;
    remindLine(keys: number, ...rest: Arguments): Result<number, Context>;
    turnLine(keys: number, ...rest: Arguments): Result<[number, ...number[]], Context>;
    enterLine(
      keys: number,
      ...rest: Arguments
    ): Result<["inside" | "waiting" | "missed" | "lost" | "replaced", number, number?], Context>;
    renewLine(
      keys: number,
      ...rest: Arguments
    ): Result<["inside" | "ended" | "lost", number], Context>;
    leaveLine(keys: number, ...rest: Arguments): Result<number, Context>;
    countPeople(keys: number, ...rest: Arguments): Result<[number, number], Context>;
    finishLine(keys: number, ...rest: Arguments): Result<number, Context>;
  }
}
