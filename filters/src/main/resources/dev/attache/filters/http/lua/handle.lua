-- What a script is given: a handle for each direction of a stream, and the objects that it leads to, with Envoy's
-- names, checks and error texts. Runs once in each state, before the script. What is asked of the proxy goes through
-- one function of it (ask), as numbers and strings; what it answers stands in one place (answer).
local address, place, memory, paths, cpaths = ...

local ffi, buffers = require("ffi"), require("string.buffer")
local decode = buffers.decode
local ask = ffi.cast("int (*)(int, int, double, const char *, int, const char *, int)", address)
local answer = ffi.cast("struct { double number; const char *text; int64_t length; } *", place)
local text_of = ffi.string
local getinfo, getfenv, setfenv = debug.getinfo, debug.getfenv, debug.setfenv
local create, resume, yield, status = coroutine.create, coroutine.resume, coroutine.yield, coroutine.status
local type, tostring, tonumber, error, select, next = type, tostring, tonumber, error, select, next
local getmetatable, rawpairs, rawget, newproxy = getmetatable, pairs, rawget, newproxy
local find, sub, lower, format, concat = string.find, string.sub, string.lower, string.format, table.concat
local floor = math.floor

jit.off()
-- Finalizers of a script would run where nobody can end them: metatables that have any are shown as copies.
function _G.getmetatable(v)
    local meta = getmetatable(v)
    if type(v) ~= "userdata" or type(meta) ~= "table" then return meta end
    local copy = {}
    for key, value in next, meta do copy[key] = value end
    return copy
end
function _G.newproxy(like)
    if like then error("newproxy makes no metatables in a proxy", 2) end
    return newproxy()
end
-- Loaded for this file; a script has to require them.
package.loaded.ffi, package.loaded["string.buffer"] = nil, nil
package.preload.ffi = function() return ffi end
package.preload["string.buffer"] = function() return buffers end
if paths ~= "" then package.path = paths .. ";" .. package.path end
if cpaths ~= "" then package.cpath = cpaths .. ";" .. package.cpath end

-- Whoever watches arms this hook where a script runs too long, or takes too much memory.
debug.sethook(function()
    if collectgarbage("count") > memory * 1024 then
        error("script uses more than " .. memory .. " MiB", 0)
    end
    error("script ran too long", 0)
end, "", 1000000000)

-- The answers of ask.
local NOTHING, NIL, BOOLEAN, NUMBER, TEXT, VALUE, YIELD, ERROR = 0, 1, 2, 3, 4, 5, 6, 7

local function answer_text()
    return text_of(answer.text, answer.length)
end

-- Asks and returns the answer, as the last thing that a method does: errors stand where the script called it.
local function call(op, ref, number, a, b)
    local kind = ask(op, ref, number, a, a and #a or 0, b, b and #b or 0)
    if kind == NOTHING then return end
    if kind == TEXT then return answer_text() end
    if kind == NUMBER then return answer.number end
    if kind == BOOLEAN then return answer.number ~= 0 end
    if kind == NIL then return nil end
    if kind == VALUE then return decode(answer_text()) end
    error(answer_text(), 2)
end

-- Errors of arguments, in the words of Lua's C library. The caller is a method, its caller the script.
local function bad_argument(number, message)
    local called = getinfo(2, "n")
    local name, what = called.name or "?", called.namewhat
    if what == "method" then
        number = number - 1
        if number == 0 then
            error("calling '" .. name .. "' on bad self", 3)
        end
    end
    error("bad argument #" .. number .. " to '" .. name .. "' (" .. message .. ")", 3)
end

local function got(value, number, count)
    return number > count and "no value" or type(value)
end

local function is_text(value)
    local kind = type(value)
    return kind == "string" or kind == "number"
end

-- Names and values of headers end at the first zero byte.
local function c_text(value)
    value = tostring(value)
    local zero = find(value, "\0", 1, true)
    return zero and sub(value, 1, zero - 1) or value
end

-- Numbers as C's int64_t and int; those beyond the former become the least, as on Envoy's machines.
local function to_long(value)
    value = tonumber(value)
    if not (value >= -2^63 and value < 2^63) then return -2^63 end
    return value < 0 and -floor(-value) or floor(value)
end

local function to_int(value)
    value = to_long(value) % 2^32
    return value < 2^31 and value or value - 2^32
end

function pairs(...)
    local t = ...
    local meta = getmetatable(t)
    local own = type(meta) == "table" and rawget(meta, "__pairs")
    if own then
        local a, b, c = own(t)
        return a, b, c
    end
    if select("#", ...) == 0 then
        bad_argument(1, "value expected")
    elseif type(t) ~= "table" then
        bad_argument(1, "table expected, got " .. got(t, 1, select("#", ...)))
    end
    return rawpairs(t)
end

function rawlen(v)
    if type(v) ~= "table" and type(v) ~= "string" then
        bad_argument(1, "table or string expected")
    end
    return #v
end

table.unpack = unpack
function table.pack(...)
    return { n = select("#", ...), ... }
end

-- Values for the proxy: z, t, f, n17; s3:abc l2:.. m1:key value
local write

local function write_text(out, text)
    out[#out + 1] = "s" .. #text .. ":"
    out[#out + 1] = text
end

local function list_length(t)
    local most = 0
    for key in next, t do
        if type(key) ~= "number" or floor(key) ~= key or key < 1 then return -1 end
        if key > most then most = key end
    end
    return most
end

-- No deeper than the format of answers goes, so that what is set can be read again.
local DEEPEST = 90

function write(out, value, depth)
    local kind = type(value)
    if kind == "nil" then
        out[#out + 1] = "z"
    elseif kind == "number" then
        out[#out + 1] = "n" .. format("%.17g", value) .. ";"
    elseif kind == "boolean" then
        out[#out + 1] = value and "t" or "f"
    elseif kind == "string" then
        write_text(out, c_text(value))
    elseif kind == "table" then
        if depth == DEEPEST then return "table is nested more than " .. DEEPEST .. " levels deep" end
        local length = list_length(value)
        if length > 0 then
            out[#out + 1] = "l" .. length .. ":"
            for i = 1, length do
                local wrong = write(out, rawget(value, i), depth + 1)
                if wrong then return wrong end
            end
            return
        end
        local at, count = #out + 1, 0
        out[at] = ""
        for key, element in next, value do
            if type(key) ~= "string" then
                return "unexpected type " .. type(key) .. " in table key (only string keys are supported)"
            end
            count = count + 1
            write_text(out, c_text(key))
            local wrong = write(out, element, depth + 1)
            if wrong then return wrong end
        end
        out[at] = "m" .. count .. ":"
    else
        return "unexpected type '" .. kind .. "' in dynamicMetadata"
    end
end

-- A table of headers as names and values in turns; or nil, and the argument that is wrong with what it is.
local function write_headers(headers, count)
    local out = {}
    for name, value in next, headers do
        if not is_text(name) then return nil, count + 1, "string expected, got " .. type(name) end
        if type(value) == "table" then
            for _, element in next, value do
                if not is_text(element) then return nil, count + 4, "string expected, got " .. type(element) end
                write_text(out, c_text(name))
                write_text(out, c_text(element))
            end
        elseif is_text(value) then
            write_text(out, c_text(name))
            write_text(out, c_text(value))
        else
            return nil, count + 2, "string expected, got " .. type(value)
        end
    end
    return concat(out)
end

-- Kinds of objects. An object is a userdata; its environment says what it stands for.
local FILTER, COMMON = "N5Envoy10Extensions11HttpFilters3Lua", "N5Envoy10Extensions7Filters6Common3Lua"
local kinds = {}

local function this(object, kind)
    local own = type(object) == "userdata" and getfenv(object)
    if not own or own.kind ~= kind then
        local called = getinfo(2, "n")
        local name, what = called.name or "?", called.namewhat
        local expected = kinds[kind].type .. " expected, got " .. (object == nil and "no value" or type(object))
        if what == "method" then
            error("calling '" .. name .. "' on bad self (" .. expected .. ")", 3)
        end
        error("bad argument #1 to '" .. name .. "' (" .. expected .. ")", 3)
    end
    if not own.scope.live then
        error("object used outside of proper scope", 3)
    end
    return own
end

local function make(kind, scope, run, id)
    local object = newproxy(kinds[kind].proto)
    setfenv(object, { kind = kind, scope = scope, run = run, ref = run.ref, id = id or 0 })
    return object
end

-- The object of a name that this turn of the script has already, or a new one.
local function one(run, name, kind, id)
    local made = run.made
    local object = made[name]
    if not object then
        object = make(kind, run.scope, run, id)
        made[name] = object
    end
    return object
end

local LOGS = { logTrace = 0, logDebug = 1, logInfo = 2, logWarn = 3, logErr = 4, logCritical = 5 }

local function define(kind, typename, methods)
    local proto = newproxy(true)
    local meta = getmetatable(proto)
    for name, method in next, methods do meta[name] = method end
    for name, level in next, LOGS do
        meta[name] = function(...)
            local object, message = ...
            local own = this(object, kind)
            if not is_text(message) then
                bad_argument(2, "string expected, got " .. got(message, 2, select("#", ...)))
            end
            return call(OP.LOG, own.ref, level, tostring(message))
        end
    end
    meta.__index = meta
    meta.__gc = function() end
    kinds[kind] = { type = typename, proto = proto }
end

-- Iterates over keys and values that the proxy has listed; the object can have one at a time.
local function iterate(own, list)
    local at, scope = 1, own.scope
    own.iterating = true
    return function()
        if not scope.live then
            error("object used outside of proper scope", 2)
        end
        local key, value = list[at], list[at + 1]
        if key == nil then
            own.iterating = nil
            return
        end
        at = at + 2
        return key, value
    end
end

local function check_one_iterator(own)
    if own.iterating then
        error("cannot create a second iterator before completing the first", 4)
    end
end

local function listed(op, own)
    ask(op, own.ref, own.id, nil, 0, nil, 0)
    return decode(answer_text())
end

local function check_modifiable(own)
    if own.iterating then
        error("header map cannot be modified while iterating", 3)
    end
    if ask(OP.HEADERS_MODIFY, own.ref, own.id, nil, 0, nil, 0) == ERROR then
        error(answer_text(), 3)
    end
end

local function header_change(op)
    return function(...)
        local object, name, value = ...
        local own = this(object, "headers")
        check_modifiable(own)
        if not is_text(name) then
            bad_argument(2, "string expected, got " .. got(name, 2, select("#", ...)))
        end
        if not is_text(value) then
            bad_argument(3, "string expected, got " .. got(value, 3, select("#", ...)))
        end
        return call(op, own.ref, own.id, lower(c_text(name)), c_text(value))
    end
end

define("headers", FILTER .. "16HeaderMapWrapperE", {
    add = header_change(OP.HEADERS_ADD),
    replace = header_change(OP.HEADERS_REPLACE),
    get = function(...)
        local object, name = ...
        local own = this(object, "headers")
        if not is_text(name) then
            bad_argument(2, "string expected, got " .. got(name, 2, select("#", ...)))
        end
        return call(OP.HEADERS_GET, own.ref, own.id, lower(tostring(name)))
    end,
    getAtIndex = function(...)
        local object, name, index = ...
        local own = this(object, "headers")
        if not is_text(name) then
            bad_argument(2, "string expected, got " .. got(name, 2, select("#", ...)))
        end
        if not tonumber(index) then
            bad_argument(3, "number expected, got " .. got(index, 3, select("#", ...)))
        end
        return call(OP.HEADERS_GET_AT, own.ref, to_long(index), lower(tostring(name)), tostring(own.id))
    end,
    getNumValues = function(...)
        local object, name = ...
        local own = this(object, "headers")
        if not is_text(name) then
            bad_argument(2, "string expected, got " .. got(name, 2, select("#", ...)))
        end
        return call(OP.HEADERS_COUNT, own.ref, own.id, lower(tostring(name)))
    end,
    remove = function(...)
        local object, name = ...
        local own = this(object, "headers")
        check_modifiable(own)
        if not is_text(name) then
            bad_argument(2, "string expected, got " .. got(name, 2, select("#", ...)))
        end
        return call(OP.HEADERS_REMOVE, own.ref, own.id, lower(c_text(name)))
    end,
    setHttp1ReasonPhrase = function(...)
        local object, phrase = ...
        local own = this(object, "headers")
        check_modifiable(own)
        if not is_text(phrase) then
            bad_argument(2, "string expected, got " .. got(phrase, 2, select("#", ...)))
        end
        return call(OP.HEADERS_REASON, own.ref, own.id, tostring(phrase))
    end,
    __pairs = function(object)
        local own = this(object, "headers")
        check_one_iterator(own)
        return iterate(own, listed(OP.HEADERS_ALL, own))
    end,
})

define("body", COMMON .. "13BufferWrapperE", {
    length = function(object)
        local own = this(object, "body")
        return call(OP.BODY_LENGTH, own.ref, own.id)
    end,
    getBytes = function(...)
        local object, index, length = ...
        local own = this(object, "body")
        if not tonumber(index) then
            bad_argument(2, "number expected, got " .. got(index, 2, select("#", ...)))
        end
        if not tonumber(length) then
            bad_argument(3, "number expected, got " .. got(length, 3, select("#", ...)))
        end
        return call(OP.BODY_GET, own.ref, to_int(index), tostring(to_int(length)), tostring(own.id))
    end,
    setBytes = function(...)
        local object, bytes = ...
        local own = this(object, "body")
        if not is_text(bytes) then
            bad_argument(2, "string expected, got " .. got(bytes, 2, select("#", ...)))
        end
        return call(OP.BODY_SET, own.ref, own.id, tostring(bytes))
    end,
})

-- Maps of metadata: which one is meant says the object's number.
local function struct(kind, typename)
    define(kind, typename, {
        get = function(...)
            local object, key = ...
            local own = this(object, kind)
            if not is_text(key) then
                bad_argument(2, "string expected, got " .. got(key, 2, select("#", ...)))
            end
            return call(OP.STRUCT_GET, own.ref, own.id, c_text(key))
        end,
        __pairs = function(object)
            local own = this(object, kind)
            check_one_iterator(own)
            return iterate(own, listed(OP.STRUCT_ALL, own))
        end,
    })
end

struct("metadata", COMMON .. "18MetadataMapWrapperE")
struct("connection metadata", FILTER .. "35ConnectionDynamicMetadataMapWrapperE")

define("dynamic metadata", FILTER .. "25DynamicMetadataMapWrapperE", {
    get = function(...)
        local object, key = ...
        local own = this(object, "dynamic metadata")
        if not is_text(key) then
            bad_argument(2, "string expected, got " .. got(key, 2, select("#", ...)))
        end
        return call(OP.STRUCT_GET, own.ref, own.id, c_text(key))
    end,
    set = function(...)
        local object, name, key, value = ...
        local own = this(object, "dynamic metadata")
        if own.iterating then
            error("dynamic metadata map cannot be modified while iterating", 2)
        end
        if not is_text(name) then
            bad_argument(2, "string expected, got " .. got(name, 2, select("#", ...)))
        end
        if not is_text(key) then
            bad_argument(3, "string expected, got " .. got(key, 3, select("#", ...)))
        end
        local out = {}
        write_text(out, c_text(key))
        local wrong = write(out, value, 0)
        if wrong then error(wrong, 2) end
        return call(OP.METADATA_SET, own.ref, own.id, c_text(name), concat(out))
    end,
    __pairs = function(object)
        local own = this(object, "dynamic metadata")
        check_one_iterator(own)
        return iterate(own, listed(OP.STRUCT_ALL, own))
    end,
})

define("filter state", FILTER .. "18FilterStateWrapperE", {
    get = function(...)
        local object, name, field = ...
        local own = this(object, "filter state")
        if not is_text(name) then
            bad_argument(2, "string expected, got " .. got(name, 2, select("#", ...)))
        end
        if field ~= nil and not is_text(field) then
            bad_argument(3, "string expected, got " .. got(field, 3, select("#", ...)))
        end
        return call(OP.STATE_GET, own.ref, field == nil and 0 or 1, c_text(name), field and c_text(field))
    end,
    set = function(...)
        local object, name, factory, value = ...
        local own = this(object, "filter state")
        for at = 2, 4 do
            local given = select(at, ...)
            if not is_text(given) then
                bad_argument(at, "string expected, got " .. got(given, at, select("#", ...)))
            end
        end
        local out = {}
        write_text(out, c_text(factory))
        write_text(out, tostring(value))
        return call(OP.STATE_SET, own.ref, 0, c_text(name), concat(out))
    end,
})

-- Methods without arguments whose answer is one question to the proxy.
local function plain(kind, op, methods, names)
    for number, name in next, names do
        methods[name] = function(object)
            local own = this(object, kind)
            return call(op, own.ref, number)
        end
    end
    return methods
end

local function typed_metadata(kind, id)
    return function(...)
        local object, name = ...
        local own = this(object, kind)
        if not is_text(name) then
            bad_argument(2, "string expected, got " .. got(name, 2, select("#", ...)))
        end
        return call(OP.TYPED_METADATA, own.ref, id, tostring(name))
    end
end

local function ssl_or_nil(own)
    if ask(OP.HAS_SSL, own.ref, 0, nil, 0, nil, 0) == NIL then return nil end
    return one(own.run, "ssl", "ssl")
end

define("stream info", FILTER .. "17StreamInfoWrapperE", plain("stream info", OP.INFO, {
    dynamicMetadata = function(object)
        local own = this(object, "stream info")
        return one(own.run, "dynamic metadata", "dynamic metadata", STRUCT.DYNAMIC)
    end,
    dynamicTypedMetadata = typed_metadata("stream info", 0),
    filterState = function(object)
        local own = this(object, "stream info")
        return one(own.run, "filter state", "filter state")
    end,
    downstreamSslConnection = function(object)
        return ssl_or_nil(this(object, "stream info"))
    end,
}, {
    [0] = "protocol", "routeName", "virtualClusterName", "downstreamLocalAddress", "downstreamDirectLocalAddress",
    "downstreamRemoteAddress", "downstreamDirectRemoteAddress", "requestedServerName",
    "drainConnectionUponCompletion",
}))

define("connection stream info", FILTER .. "27ConnectionStreamInfoWrapperE", {
    dynamicMetadata = function(object)
        local own = this(object, "connection stream info")
        return one(own.run, "connection metadata", "connection metadata", STRUCT.CONNECTION)
    end,
    dynamicTypedMetadata = typed_metadata("connection stream info", 1),
})

define("connection", COMMON .. "17ConnectionWrapperE", {
    ssl = function(object)
        local own = this(object, "connection")
        ask(OP.SSL_DEPRECATED, own.ref, 0, nil, 0, nil, 0)
        return ssl_or_nil(own)
    end,
})

define("name", COMMON .. "21ParsedX509NameWrapperE", plain("name", OP.SSL_NAME, {}, {
    [0] = "commonName", "organizationName",
}))

define("ssl", COMMON .. "20SslConnectionWrapperE", plain("ssl", OP.SSL, {
    parsedSubjectPeerCertificate = function(object)
        local own = this(object, "ssl")
        if ask(OP.HAS_PEER_NAME, own.ref, 0, nil, 0, nil, 0) == NIL then return nil end
        return one(own.run, "name", "name")
    end,
}, {
    [0] = "peerCertificatePresented", "peerCertificateValidated", "uriSanLocalCertificate",
    "sha256PeerCertificateDigest", "serialNumberPeerCertificate", "issuerPeerCertificate", "subjectPeerCertificate",
    "uriSanPeerCertificate", "subjectLocalCertificate", "dnsSansPeerCertificate", "dnsSansLocalCertificate",
    "oidsPeerCertificate", "oidsLocalCertificate", "validFromPeerCertificate", "expirationPeerCertificate",
    "sessionId", "ciphersuiteId", "ciphersuiteString", "urlEncodedPemEncodedPeerCertificate",
    "urlEncodedPemEncodedPeerCertificateChain", "tlsVersion",
}))

for kind, typename in next, { ["virtual host"] = "18VirtualHostWrapperE", route = "12RouteWrapperE" } do
    define(kind, FILTER .. typename, {
        metadata = function(object)
            local own = this(object, kind)
            return one(own.run, kind .. " metadata", "metadata", kind == "route" and STRUCT.ROUTE or STRUCT.VIRTUAL_HOST)
        end,
    })
end

define("key", FILTER .. "16PublicKeyWrapperE", {
    get = function(object)
        local own = this(object, "key")
        return own.text
    end,
})

-- Statistics. An object's number is the one under which the proxy keeps its counter, gauge or histogram.
local function amount(kind, op, optional)
    return function(...)
        local object, value = ...
        local own = this(object, kind)
        if optional then
            value = 1
        elseif not tonumber(value) then
            bad_argument(2, "number expected, got " .. got(value, 2, select("#", ...)))
        end
        return call(op, own.ref, own.id, format("%.0f", to_long(value)))
    end
end

local function read(kind)
    return function(object)
        local own = this(object, kind)
        return call(OP.STAT_VALUE, own.ref, own.id)
    end
end

define("counter", FILTER .. "14CounterWrapperE", {
    inc = amount("counter", OP.STAT_ADD, true), add = amount("counter", OP.STAT_ADD), value = read("counter"),
})
define("gauge", FILTER .. "12GaugeWrapperE", {
    inc = amount("gauge", OP.STAT_ADD, true), dec = amount("gauge", OP.STAT_SUB, true),
    add = amount("gauge", OP.STAT_ADD), sub = amount("gauge", OP.STAT_SUB), set = amount("gauge", OP.STAT_SET),
    value = read("gauge"),
})
define("histogram", FILTER .. "16HistogramWrapperE", { recordValue = amount("histogram", OP.STAT_RECORD) })

local function statistic(kind, op)
    return function(...)
        local object, name, unit = ...
        local own = this(object, "stats")
        if not is_text(name) then
            bad_argument(2, "string expected, got " .. got(name, 2, select("#", ...)))
        end
        if kind ~= "histogram" then
            unit = ""
        elseif unit ~= nil and not is_text(unit) then
            bad_argument(3, "string expected, got " .. got(unit, 3, select("#", ...)))
        end
        if ask(op, own.ref, 0, c_text(name), #c_text(name), c_text(unit or ""), #c_text(unit or "")) == ERROR then
            error(answer_text(), 2)
        end
        return make(kind, own.scope, own.run, answer.number)
    end
end

define("stats", FILTER .. "17StatsScopeWrapperE", {
    counter = statistic("counter", OP.STAT_COUNTER), gauge = statistic("gauge", OP.STAT_GAUGE),
    histogram = statistic("histogram", OP.STAT_HISTOGRAM),
})

-- The handle.
local function body_object(run)
    return one(run, "body", "body", 0)
end

local function leads_to(name, kind, id)
    return function(object)
        local own = this(object, "handle")
        return one(own.run, name, kind, id)
    end
end

local function http_options(options, count)
    local out = { asynchronous = false, return_duplicate_headers = false, send_xff = true, timeout_ms = -1 }
    for key, value in next, options do
        if not is_text(key) then return nil, count + 1, "string expected, got " .. type(key) end
        key = tostring(key)
        if key == "timeout_ms" then
            if not tonumber(value) then return nil, count + 2, "number expected, got " .. type(value) end
            out.timeout_ms = to_int(value)
            if out.timeout_ms < 0 then return nil, nil, "http call timeout must be >= 0" end
        elseif key == "asynchronous" or key == "return_duplicate_headers" or key == "send_xff"
                or key == "trace_sampled" then
            out[key] = value and true or false
        else
            return nil, nil, '"' .. key .. '" is not valid key for httpCall() options'
        end
    end
    return out
end

local function http_call(...)
    local object, cluster, headers, body, timeout, asynchronous = ...
    local own, count = this(object, "handle"), select("#", ...)
    local options
    if type(timeout) == "table" then
        local wrong, message
        options, wrong, message = http_options(timeout, count)
        if not options then
            if not wrong then error(message, 2) end
            local called = getinfo(1, "n")
            error("bad argument #" .. wrong .. " to '" .. (called.name or "?") .. "' (" .. message .. ")", 2)
        end
    else
        if count >= 6 and type(asynchronous) ~= "boolean" then
            error("http call asynchronous flag must be 'true', 'false', or empty", 2)
        end
        if not tonumber(timeout) then
            bad_argument(5, "number expected, got " .. got(timeout, 5, count))
        end
        options = { timeout_ms = to_int(timeout), asynchronous = asynchronous, send_xff = true }
        if options.timeout_ms < 0 then
            error("http call timeout must be >= 0", 2)
        end
    end
    if not is_text(cluster) then
        bad_argument(2, "string expected, got " .. got(cluster, 2, count))
    end
    if type(headers) ~= "table" then
        bad_argument(3, "table expected, got " .. got(headers, 3, count))
    end
    if ask(OP.CALL_CLUSTER, own.ref, 0, c_text(cluster), #c_text(cluster), nil, 0) == ERROR then
        error(answer_text(), 2)
    end
    local written, wrong, message = write_headers(headers, count)
    if not written then
        local called = getinfo(1, "n")
        error("bad argument #" .. wrong .. " to '" .. (called.name or "?") .. "' (" .. message .. ")", 2)
    end
    if body ~= nil and not is_text(body) then
        bad_argument(4, "string expected, got " .. type(body))
    end
    local flags = (options.asynchronous and 1 or 0) + (options.send_xff and 2 or 0)
            + (options.return_duplicate_headers and 4 or 0) + (body ~= nil and 8 or 0)
            + (options.trace_sampled == true and 16 or 0) + (options.trace_sampled == false and 32 or 0)
    local request = { }
    write_text(request, c_text(cluster))
    write_text(request, tostring(options.timeout_ms))
    write_text(request, written)
    request = concat(request)
    body = body ~= nil and tostring(body) or nil
    local kind = ask(OP.CALL, own.ref, flags, request, #request, body, body and #body or 0)
    if kind == ERROR then error(answer_text(), 2) end
    if kind ~= YIELD then return end
    yield()
    if ask(OP.CALL_HEADERS, own.ref, 0, nil, 0, nil, 0) ~= VALUE then return end
    local response = decode(answer_text())
    if ask(OP.CALL_BODY, own.ref, 0, nil, 0, nil, 0) == TEXT then
        return response, answer_text()
    end
    return response, nil
end

define("handle", FILTER .. "19StreamHandleWrapperE", {
    headers = leads_to("headers", "headers", 0),
    requestHeaders = leads_to("request headers", "headers", 2),
    metadata = leads_to("metadata", "metadata", STRUCT.METADATA),
    filterContext = leads_to("filter context", "metadata", STRUCT.CONTEXT),
    streamInfo = leads_to("stream info", "stream info"),
    connectionStreamInfo = leads_to("connection stream info", "connection stream info"),
    connection = leads_to("connection", "connection"),
    virtualHost = leads_to("virtual host", "virtual host"),
    route = leads_to("route", "route"),
    stats = leads_to("stats", "stats"),
    body = function(...)
        local object, always = ...
        local own, count = this(object, "handle"), select("#", ...)
        if count >= 2 and type(always) ~= "boolean" then
            bad_argument(2, "boolean expected, got " .. got(always, 2, count))
        end
        local kind = ask(OP.BODY, own.ref, always and 1 or 0, nil, 0, nil, 0)
        if kind == YIELD then
            yield()
            kind = ask(OP.BODY, own.ref, 0, nil, 0, nil, 0)
        end
        if kind == ERROR then error(answer_text(), 2) end
        if kind == NOTHING then return end
        return body_object(own.run)
    end,
    bodyChunks = function(object)
        local own = this(object, "handle")
        if ask(OP.CHUNKS, own.ref, 0, nil, 0, nil, 0) == ERROR then error(answer_text(), 2) end
        return function()
            own = this(object, "handle")
            if ask(OP.CHUNK_NEXT, own.ref, 0, nil, 0, nil, 0) == NOTHING then return end
            yield()
            if ask(OP.CHUNK, own.ref, 0, nil, 0, nil, 0) == NOTHING then return end
            return make("body", own.run.scope, own.run, 1)
        end
    end,
    trailers = function(object)
        local own = this(object, "handle")
        local kind = ask(OP.TRAILERS, own.ref, 0, nil, 0, nil, 0)
        if kind == YIELD then
            yield()
            kind = ask(OP.TRAILERS, own.ref, 0, nil, 0, nil, 0)
        end
        if kind == NOTHING then return end
        return one(own.run, "trailers", "headers", 1)
    end,
    httpCall = http_call,
    respond = function(...)
        local object, headers, body = ...
        local own, count = this(object, "handle"), select("#", ...)
        if ask(OP.RESPOND_CHECK, own.ref, 0, nil, 0, nil, 0) == ERROR then error(answer_text(), 2) end
        if type(headers) ~= "table" then
            bad_argument(2, "table expected, got " .. got(headers, 2, count))
        end
        if body ~= nil and not is_text(body) then
            bad_argument(3, "string expected, got " .. type(body))
        end
        local written, wrong, message = write_headers(headers, count < 3 and 2 or count)
        if not written then
            local called = getinfo(1, "n")
            error("bad argument #" .. wrong .. " to '" .. (called.name or "?") .. "' (" .. message .. ")", 2)
        end
        body = body ~= nil and tostring(body) or nil
        if ask(OP.RESPOND, own.ref, body and 1 or 0, written, #written, body, body and #body or 0) == ERROR then
            error(answer_text(), 2)
        end
        return yield()
    end,
    importPublicKey = function(...)
        local object, bytes, length = ...
        local own, count = this(object, "handle"), select("#", ...)
        if not is_text(bytes) then
            bad_argument(2, "string expected, got " .. got(bytes, 2, count))
        end
        if not tonumber(length) then
            bad_argument(3, "number expected, got " .. got(length, 3, count))
        end
        local run = own.run
        if not run.made.key then
            local key = make("key", run.scope, run)
            bytes = tostring(bytes)
            local part = sub(bytes, 1, to_int(length))
            local name = c_text(part)
            if ask(OP.IMPORT_KEY, own.ref, 0, part, #part, name, #name) ~= NIL then
                getfenv(key).text = c_text(bytes)
            end
            run.made.key = key
        end
        return run.made.key
    end,
    verifySignature = function(...)
        local object, hash, key, signature, signature_length, text, text_length = ...
        local own, count = this(object, "handle"), select("#", ...)
        for at = 2, 7 do
            local value, numeric = select(at, ...), at == 5 or at == 7
            if numeric and not tonumber(value) then
                bad_argument(at, "number expected, got " .. got(value, at, count))
            elseif not numeric and not is_text(value) then
                bad_argument(at, "string expected, got " .. got(value, at, count))
            end
            if at == 3 and ask(OP.HAS_KEY, own.ref, 0, c_text(key), #c_text(key), nil, 0) == ERROR then
                error(answer_text(), 2)
            end
        end
        local out = {}
        write_text(out, c_text(hash))
        write_text(out, c_text(key))
        write_text(out, sub(tostring(signature), 1, to_int(signature_length)))
        out = concat(out)
        text = sub(tostring(text), 1, to_int(text_length))
        if ask(OP.VERIFY, own.ref, 0, out, #out, text, #text) == ERROR then
            return false, answer_text()
        end
        return true, nil
    end,
    base64Escape = function(...)
        local object, text = ...
        local own = this(object, "handle")
        if not is_text(text) then
            bad_argument(2, "string expected, got " .. got(text, 2, select("#", ...)))
        end
        return call(OP.BASE64, own.ref, 0, tostring(text))
    end,
    base64Decode = function(...)
        local object, text = ...
        local own = this(object, "handle")
        if not is_text(text) then
            bad_argument(2, "string expected, got " .. got(text, 2, select("#", ...)))
        end
        return call(OP.BASE64, own.ref, 1, tostring(text))
    end,
    timestamp = function(...)
        local object, unit = ...
        local own = this(object, "handle")
        if unit ~= nil and not is_text(unit) then
            bad_argument(2, "string expected, got " .. type(unit))
        end
        if unit ~= nil and unit ~= "" and tonumber(unit) ~= 0 then
            error("timestamp format must be MILLISECOND.", 2)
        end
        return call(OP.TIMESTAMP, own.ref, 0)
    end,
    timestampString = function(...)
        local object, unit = ...
        local own = this(object, "handle")
        if unit ~= nil and not is_text(unit) then
            bad_argument(2, "string expected, got " .. type(unit))
        end
        local number = (unit == nil or unit == "") and 0 or tonumber(unit)
        if number ~= 0 and number ~= 1 then
            error("timestamp format must be MILLISECOND or MICROSECOND.", 2)
        end
        return call(OP.TIMESTAMP, own.ref, 1 + number)
    end,
    setUpstreamOverrideHost = function(...)
        local object, host, strict = ...
        local own, count = this(object, "handle"), select("#", ...)
        if not is_text(host) then
            bad_argument(2, "string expected, got " .. got(host, 2, count))
        end
        if ask(OP.IS_ADDRESS, own.ref, 0, c_text(host), #c_text(host), nil, 0) == ERROR then
            error(answer_text(), 2)
        end
        if count >= 3 and type(strict) ~= "boolean" then
            bad_argument(3, "boolean expected, got " .. got(strict, 3, count))
        end
        return call(OP.OVERRIDE_HOST, own.ref, strict and 1 or 0, tostring(host))
    end,
    clearRouteCache = function(object)
        local own = this(object, "handle")
        return call(OP.CLEAR_ROUTE, own.ref, 0)
    end,
})

-- What the proxy calls: 0 takes the script's functions, 1 and 2 start one for a stream, 3 goes on, 4 lets it go.
local runs, functions = {}, {}

local function go(run, ...)
    run.live, run.scope, run.made = true, { live = true }, {}
    local ok, wrong = resume(run.co, ...)
    run.live, run.scope.live = false, false
    if not ok then
        return 2, is_text(wrong) and tostring(wrong) or "unspecified lua error"
    end
    return status(run.co) == "dead" and 0 or 1
end

return function(what, ref)
    if what == 3 then
        local run = runs[ref]
        return go(run)
    elseif what == 4 then
        runs[ref] = nil
    elseif what == 0 then
        functions[1], functions[2] = _G.envoy_on_request, _G.envoy_on_response
        local found = (type(functions[1]) == "function" and 1 or 0) + (type(functions[2]) == "function" and 2 or 0)
        if found > 0 then
            EnvoyTimestampResolution = { MILLISECOND = 0, MICROSECOND = 1 }
        end
        return found
    else
        local run = { ref = ref, co = create(functions[what]) }
        runs[ref] = run
        run.run = run
        run.made, run.scope = {}, run
        return go(run, make("handle", run, run))
    end
    return 0
end
