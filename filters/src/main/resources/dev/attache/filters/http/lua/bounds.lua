-- Functions of Lua's library that may take for ever in C, where nobody can end them: bounded, or done in Lua where they
-- would take long. Stands in a block of its own before handle.lua, which has the memory that a script may use.
local find, match, gmatch, gsub = string.find, string.match, string.gmatch, string.gsub
local byte, char, sub, rep, sort = string.byte, string.char, string.sub, string.rep, table.sort
local type, error, tostring, tonumber, min, max = type, error, tostring, tonumber, math.min, math.max
local unpack, huge = unpack, math.huge

-- Steps that a match may take in C, by what its pattern could cost.
local MOST_STEPS = 3e8
local MOST_SORTED = 1000000

local function denied(name)
    return function() error(name .. " is not to be had in a proxy", 2) end
end

-- What waits for others, or ends the process; and what reaches finalizers, during which nothing can be ended.
os.exit, os.execute, io.popen = denied("os.exit"), denied("os.execute"), denied("io.popen")
debug.getregistry, debug.getmetatable, debug.setmetatable = nil, nil, nil
debug.getupvalue, debug.setupvalue, debug.upvaluejoin = nil, nil, nil

function string.rep(s, n, sep)
    local is_text = type(s) == "string" or type(s) == "number"
    local times = tonumber(n)
    if is_text and times and times > 1 then
        local each = #tostring(s) + (sep and #tostring(sep) or 0)
        if each * times > memory * 1024 * 1024 then error("resulting string too large", 2) end
    end
    return rep(s, n, sep)
end

function table.sort(t, before)
    if type(t) == "table" and #t > MOST_SORTED then error("table too large to sort", 2) end
    return sort(t, before)
end

-- How a pattern grows with its text: quantifiers that have something to try behind them, and choices.
local shapes, kept = {}, 0

local function shape(p)
    local known = shapes[p]
    if known then return known end
    local _, balanced = gsub(p, "%%b", "")
    local plain = gsub(p, "%%.", "x")
    plain = gsub(plain, "%[%^?.[^%]]*%]", "x")
    local _, loops = gsub(plain, "[*+-]", "")
    local _, choices = gsub(plain, "%?", "")
    if find(plain, "[*+-]%)*$") then loops = loops - 1 end
    known = { anchored = byte(p, 1) == 94, loops = loops + balanced, choices = choices }
    if kept >= 200 then shapes, kept = {}, 0 end
    shapes[p], kept = known, kept + 1
    return known
end

local function start_of(s, init)
    local at = tonumber(init) or 1
    if at < 0 then at = #s + at + 1 end
    return min(max(1, at), #s + 1)
end

local function is_long(s, p, init, walks)
    if type(s) ~= "string" or type(p) ~= "string" or #s < 16 then return false end
    local its = shape(p)
    if its.loops == 0 and its.choices < 12 then return false end
    local left = max(0, #s - start_of(s, init) + 1)
    local power = its.loops + ((its.anchored and not walks) and 0 or 1)
    return left ^ power * 2 ^ its.choices > MOST_STEPS
end

-- The matcher of Lua 5.1, in Lua.
local UNFINISHED, POSITION = -1, -2
local sets = {}

local function class(letter)
    local key = "%" .. letter
    local known = sets[key]
    if known then return known end
    known = {}
    for i = 0, 255 do
        known[i] = char(i) == letter
        if find(letter, "^%a$") and letter ~= "b" and letter ~= "f" then
            known[i] = find(char(i), "^%" .. letter) ~= nil
        end
    end
    sets[key] = known
    return known
end

local function bracket(p, from, to)
    local set, negated, at = {}, false, from + 1
    if byte(p, at) == 94 then negated, at = true, at + 1 end
    while at < to do
        local c = byte(p, at)
        if c == 37 then
            local of = class(sub(p, at + 1, at + 1))
            for i = 0, 255 do set[i] = set[i] or of[i] end
            at = at + 2
        elseif byte(p, at + 1) == 45 and at + 2 < to then
            for i = c, byte(p, at + 2) do set[i] = true end
            at = at + 3
        else
            set[c] = true
            at = at + 1
        end
    end
    if negated then
        for i = 0, 255 do set[i] = not set[i] end
    end
    return set
end

local any = {}
for i = 0, 255 do any[i] = true end

-- The set of octets that an item takes, and what follows it.
local function item(ms, at)
    local known = ms.items[at]
    if known then return known.set, known.behind end
    local p, c, set, behind = ms.p, byte(ms.p, at), nil, at + 1
    if c == 37 then
        if behind > #p then error("malformed pattern (ends with '%')", 0) end
        set, behind = class(sub(p, behind, behind)), behind + 1
    elseif c == 91 then
        if byte(p, behind) == 94 then behind = behind + 1 end
        repeat
            if behind > #p then error("malformed pattern (missing ']')", 0) end
            local inside = byte(p, behind)
            behind = behind + 1
            if inside == 37 and behind <= #p then behind = behind + 1 end
        until byte(p, behind) == 93
        set, behind = bracket(p, at, behind), behind + 1
    elseif c == 46 then
        set = any
    else
        set = { [c] = true }
    end
    ms.items[at] = { set = set, behind = behind }
    return set, behind
end

local try

local function greedy(ms, from, set, rest)
    local s, to = ms.s, from
    while to <= #s and set[byte(s, to)] do to = to + 1 end
    for at = to, from, -1 do
        local ends = try(ms, at, rest)
        if ends then return ends end
    end
end

local function lazy(ms, at, set, rest)
    local s = ms.s
    while true do
        local ends = try(ms, at, rest)
        if ends then return ends end
        if at > #s or not set[byte(s, at)] then return nil end
        at = at + 1
    end
end

local function opened(ms, at, rest, what)
    if ms.level >= 32 then error("too many captures", 0) end
    local level = ms.level + 1
    ms.from[level], ms.length[level], ms.level = at, what, level
    local ends = try(ms, at, rest)
    if not ends then ms.level = ms.level - 1 end
    return ends
end

local function closed(ms, at, rest)
    for level = ms.level, 1, -1 do
        if ms.length[level] == UNFINISHED then
            ms.length[level] = at - ms.from[level]
            local ends = try(ms, at, rest)
            if not ends then ms.length[level] = UNFINISHED end
            return ends
        end
    end
    error("invalid pattern capture", 0)
end

local function balanced(ms, at, pair)
    local open, close = byte(ms.p, pair, pair + 1)
    if not close then error("unbalanced pattern", 0) end
    local s, depth = ms.s, 1
    if byte(s, at) ~= open then return nil end
    for i = at + 1, #s do
        local c = byte(s, i)
        if c == close then
            depth = depth - 1
            if depth == 0 then return i + 1 end
        elseif c == open then
            depth = depth + 1
        end
    end
end

local function again(ms, at, level)
    if level < 1 or level > ms.level or ms.length[level] == UNFINISHED then error("invalid capture index", 0) end
    local length = ms.length[level]
    if length == POSITION then return nil end
    local same = sub(ms.s, ms.from[level], ms.from[level] + length - 1)
    return sub(ms.s, at, at + length - 1) == same and at + length or nil
end

-- Behind %b, %f and %1: where the text goes on, and the pattern; nil = it does not match.
local function special(ms, at, p_at, letter)
    local s = ms.s
    if letter == 98 then
        return balanced(ms, at, p_at + 2), p_at + 4
    elseif letter == 102 then
        if byte(ms.p, p_at + 2) ~= 91 then error("missing '[' after '%f' in pattern", 0) end
        local set, behind = item(ms, p_at + 2)
        local fits = not set[at == 1 and 0 or byte(s, at - 1)] and set[byte(s, at) or 0]
        return fits and at or nil, behind
    end
    return again(ms, at, letter - 48), p_at + 2
end

function try(ms, at, p_at)
    local s, p = ms.s, ms.p
    while p_at <= #p do
        local c, letter = byte(p, p_at, p_at + 1)
        if c == 40 then
            if letter == 41 then return opened(ms, at, p_at + 2, POSITION) end
            return opened(ms, at, p_at + 1, UNFINISHED)
        elseif c == 41 then
            return closed(ms, at, p_at + 1)
        elseif c == 36 and p_at == #p then
            return at == #s + 1 and at or nil
        elseif c == 37 and letter and (letter == 98 or letter == 102 or letter >= 48 and letter <= 57) then
            at, p_at = special(ms, at, p_at, letter)
            if not at then return nil end
        else
            local set, behind = item(ms, p_at)
            local quantifier, fits = byte(p, behind), at <= #s and set[byte(s, at)]
            if quantifier == 42 then
                return greedy(ms, at, set, behind + 1)
            elseif quantifier == 43 then
                return fits and greedy(ms, at + 1, set, behind + 1) or nil
            elseif quantifier == 45 then
                return lazy(ms, at, set, behind + 1)
            elseif quantifier == 63 then
                local ends = fits and try(ms, at + 1, behind + 1)
                if ends then return ends end
                p_at = behind + 1
            elseif fits then
                at, p_at = at + 1, behind
            else
                return nil
            end
        end
    end
    return at
end

local function capture(ms, i, from, ends)
    if i > ms.level then
        if i == 1 then return sub(ms.s, from, ends - 1) end
        error("invalid capture index", 0)
    end
    local length = ms.length[i]
    if length == UNFINISHED then error("unfinished capture", 0) end
    if length == POSITION then return ms.from[i] end
    return sub(ms.s, ms.from[i], ms.from[i] + length - 1)
end

local function captures(ms, from, ends, whole)
    local count = (ms.level == 0 and whole) and 1 or ms.level
    local all = {}
    for i = 1, count do all[i] = capture(ms, i, from, ends) end
    return all, count
end

local function matcher(s, p)
    return { s = s, p = p, items = {}, from = {}, length = {}, level = 0 }
end

-- The first match from a place on: where it begins, and what follows it.
local function first(ms, at, p_at, anchored)
    local s = ms.s
    while at <= #s + 1 do
        ms.level = 0
        local ends = try(ms, at, p_at)
        if ends then return at, ends end
        if anchored then return nil end
        at = at + 1
    end
end

local function begun(s, p, init)
    local ms, anchored = matcher(s, p), byte(p, 1) == 94
    local from, ends = first(ms, start_of(s, init), anchored and 2 or 1, anchored)
    return ms, from, ends
end

function string.find(s, p, init, plain)
    if plain or not is_long(s, p, init) then return find(s, p, init, plain) end
    local ms, from, ends = begun(s, p, init)
    if not from then return nil end
    local all, count = captures(ms, from, ends, false)
    return from, ends - 1, unpack(all, 1, count)
end

function string.match(s, p, init)
    if not is_long(s, p, init) then return match(s, p, init) end
    local ms, from, ends = begun(s, p, init)
    if not from then return nil end
    local all, count = captures(ms, from, ends, true)
    return unpack(all, 1, count)
end

function string.gmatch(s, p)
    if not is_long(s, p, 1, true) then return gmatch(s, p) end
    local ms, at = matcher(s, p), 1
    return function()
        local from, ends = first(ms, at, 1, false)
        if not from then
            at = #s + 2
            return nil
        end
        at = ends == from and ends + 1 or ends
        local all, count = captures(ms, from, ends, true)
        return unpack(all, 1, count)
    end
end

-- What a match becomes.
local function replacement(ms, from, ends, by)
    local whole, value = sub(ms.s, from, ends - 1), nil
    if type(by) == "table" then
        value = by[capture(ms, 1, from, ends)]
    elseif type(by) == "function" then
        local all, count = captures(ms, from, ends, true)
        value = by(unpack(all, 1, count))
    else
        return (gsub(tostring(by), "%%(.?)", function(c)
            if c == "0" then return whole end
            if not find(c, "^%d$") then return c end
            return tostring(capture(ms, tonumber(c), from, ends))
        end))
    end
    if not value then return whole end
    if type(value) ~= "string" and type(value) ~= "number" then
        error("invalid replacement value (a " .. type(value) .. ")", 0)
    end
    return tostring(value)
end

local replaces = { string = true, number = true, table = true, ["function"] = true }

function string.gsub(s, p, by, most)
    if not replaces[type(by)] or not is_long(s, p, 1, true) then return gsub(s, p, by, most) end
    local anchored, out, at, count = byte(p, 1) == 94, {}, 1, 0
    local ms, left = matcher(s, p), most and tonumber(most) or huge
    while count < left do
        ms.level = 0
        local ends = try(ms, at, anchored and 2 or 1)
        if ends then
            count = count + 1
            out[#out + 1] = replacement(ms, at, ends, by)
        end
        if ends and ends > at then
            at = ends
        elseif at <= #s then
            out[#out + 1] = sub(s, at, at)
            at = at + 1
        else
            break
        end
        if anchored then break end
    end
    out[#out + 1] = sub(s, at)
    return table.concat(out), count
end
