package dev.attache.filters.http.lua;

import dev.attache.filters.http.lua.exchange.Base64Octets;
import dev.attache.filters.http.lua.exchange.HeaderTable;
import dev.attache.filters.http.lua.exchange.KeyAnswers;
import dev.attache.filters.http.lua.exchange.Question;
import dev.attache.filters.http.lua.exchange.ScriptLog;
import dev.attache.filters.lua.LuaState;
import dev.attache.proxy.pipeline.LocalReply;
import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Answers what a run's script asks; each kind of object has its own class. Loop-confined. */
final class Answers {

    private static final int MICROSECONDS = 2;
    private static final int FIRST_STATUS = 200;
    private static final int BEHIND_LAST_STATUS = 600;

    private final ScriptRun run;
    private final HeaderAnswers headers;
    private final MetadataAnswers metadata;
    private final InfoAnswers info;
    private @Nullable StatAnswers stats;
    private @Nullable CallAnswers calls;
    private @Nullable KeyAnswers keys;

    Answers(ScriptRun run) {
        this.run = run;
        this.headers = new HeaderAnswers(run);
        this.metadata = new MetadataAnswers(run);
        this.info = new InfoAnswers(run);
    }

    /** A call that the script waits for is given up. */
    void cancel() {
        if (calls != null) {
            calls.cancel();
        }
    }

    int answer(Question question, double number, MemorySegment text, MemorySegment more) {
        LuaState lua = run.lua();
        return switch (question) {
            case LOG -> {
                ScriptLog.log((int) number, LuaState.text(text));
                yield LuaState.NOTHING;
            }
            case HEADERS_MODIFY,
                    HEADERS_ADD,
                    HEADERS_REPLACE,
                    HEADERS_REMOVE,
                    HEADERS_REASON,
                    HEADERS_GET,
                    HEADERS_GET_AT,
                    HEADERS_COUNT,
                    HEADERS_ALL ->
                    headers.answer(question, (int) number, text, more);
            case BODY -> run.wantBody(number != 0);
            case BODY_LENGTH -> lua.number(run.body().bytes(number != 0).readableBytes());
            case BODY_GET -> bytes(number, LuaState.text(text), LuaState.text(more).equals("1"));
            case BODY_SET -> replace(number != 0, text.toArray(ValueLayout.JAVA_BYTE));
            case CHUNKS -> run.wantChunks();
            case CHUNK_NEXT -> run.wantChunk();
            case CHUNK -> run.hasChunk();
            case TRAILERS -> run.wantTrailers();
            case STRUCT_GET, STRUCT_ALL, METADATA_SET, TYPED_METADATA, STATE_GET, STATE_SET ->
                    metadata.answer(question, (int) number, text, more);
            case INFO, HAS_SSL, SSL_DEPRECATED, SSL, SSL_NAME, HAS_PEER_NAME ->
                    info.answer(question, (int) number);
            case STAT_COUNTER,
                    STAT_GAUGE,
                    STAT_HISTOGRAM,
                    STAT_ADD,
                    STAT_SUB,
                    STAT_SET,
                    STAT_RECORD,
                    STAT_VALUE ->
                    stats().answer(
                                    question,
                                    (int) number,
                                    LuaState.text(text),
                                    LuaState.text(more));
            case CALL_CLUSTER, CALL, CALL_HEADERS, CALL_BODY ->
                    calls().answer(question, (int) number, text, more);
            case RESPOND_CHECK ->
                    run.headersContinued()
                            ? lua.error("respond() cannot be called if headers have been continued")
                            : LuaState.NOTHING;
            case RESPOND -> respond(number != 0, text, more);
            case IMPORT_KEY, HAS_KEY, VERIFY -> keys().answer(question, text, more);
            case BASE64 -> base64(number != 0, LuaState.text(text));
            case TIMESTAMP -> timestamp((int) number);
            case IS_ADDRESS, OVERRIDE_HOST ->
                    HostOverride.answer(run, question, number != 0, LuaState.text(text));
            case CLEAR_ROUTE -> {
                if (run.isRequest()) {
                    run.stream().clearRoute();
                }
                yield LuaState.NOTHING;
            }
        };
    }

    private StatAnswers stats() {
        StatAnswers known = stats;
        if (known == null) {
            known = new StatAnswers(run);
            stats = known;
        }
        return known;
    }

    private CallAnswers calls() {
        CallAnswers known = calls;
        if (known == null) {
            known = new CallAnswers(run);
            calls = known;
        }
        return known;
    }

    private KeyAnswers keys() {
        KeyAnswers known = keys;
        if (known == null) {
            known = new KeyAnswers(run.lua());
            keys = known;
        }
        return known;
    }

    private int bytes(double index, String lengthText, boolean piece) {
        ByteBuf bytes = run.body().bytes(piece);
        double length = Double.parseDouble(lengthText);
        if (index < 0 || length < 0 || index + length > bytes.readableBytes()) {
            return run.lua()
                    .error("index/length must be >= 0 and (index + length) must be <= buffer size");
        }
        byte[] copy = new byte[(int) length];
        bytes.getBytes(bytes.readerIndex() + (int) index, copy);
        return run.lua().text(copy);
    }

    private int replace(boolean piece, byte[] with) {
        run.body().replace(piece, with);
        headers.contentLength(with.length);
        return run.lua().number(with.length);
    }

    private int respond(boolean hasBody, MemorySegment written, MemorySegment body) {
        LuaState lua = run.lua();
        HeaderTable table = HeaderTable.read(written);
        int status = table.status();
        if (status < FIRST_STATUS || status >= BEHIND_LAST_STATUS) {
            return lua.error(":status must be between 200-599");
        }
        if (!run.isRequest()) {
            return lua.error("respond not currently supported in the response path");
        }
        String text = hasBody ? LuaState.text(body) : "";
        run.responded(new LocalReply(status, text, "lua_response", table.fields(), -1));
        return LuaState.YIELD;
    }

    private int base64(boolean decode, String octets) {
        if (!decode) {
            byte[] bytes = octets.getBytes(StandardCharsets.ISO_8859_1);
            return run.lua().text(Base64.getEncoder().encode(bytes));
        }
        byte[] decoded = Base64Octets.decode(octets);
        return decoded == null ? LuaState.NIL : run.lua().text(decoded);
    }

    private int timestamp(int form) {
        Instant now = Instant.now();
        if (form == 0) {
            return run.lua().number(now.toEpochMilli());
        }
        return run.lua()
                .text(
                        Long.toString(
                                form == MICROSECONDS
                                        ? ChronoUnit.MICROS.between(Instant.EPOCH, now)
                                        : now.toEpochMilli()));
    }
}
