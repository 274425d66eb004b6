package dev.attache.filters.http.lua;

import dev.attache.filters.http.lua.exchange.HeaderTable;
import dev.attache.filters.http.lua.exchange.Question;
import dev.attache.filters.lua.LuaReader;
import dev.attache.filters.lua.LuaState;
import dev.attache.filters.lua.LuaValues;
import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.CallSpan;
import dev.attache.proxy.call.ResponseListener;
import dev.attache.proxy.call.UpstreamCall;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code httpCall()}: the call that a script waits for, and those that nobody waits for. */
final class CallAnswers implements ResponseListener {

    private static final int ASYNCHRONOUS = 1;
    private static final int SEND_XFF = 2;
    private static final int DUPLICATES = 4;
    private static final int HAS_BODY = 8;
    private static final int SAMPLED = 16;
    private static final int NOT_SAMPLED = 32;

    private static final ResponseListener NOBODY =
            new ResponseListener() {
                @Override
                public void onResponse(Headers head, ByteBuf body) {
                    // Sent and forgotten: the script went on.
                }

                @Override
                public void onFailure(CallFailure why) {
                    // The cluster's statistics have counted it.
                }
            };

    private final ScriptRun run;
    private @Nullable UpstreamCall open;
    private boolean duplicates;
    private @Nullable LuaValues headers;
    private byte[] body = {};

    CallAnswers(ScriptRun run) {
        this.run = run;
    }

    int answer(Question question, int flags, MemorySegment text, MemorySegment more) {
        return switch (question) {
            case CALL_CLUSTER ->
                    run.filter().scope().clusters().cluster(LuaState.text(text)) == null
                            ? run.lua().error("http call cluster invalid. Must be configured")
                            : LuaState.NOTHING;
            case CALL -> call(flags, new LuaReader(text), more);
            case CALL_HEADERS -> {
                LuaValues table = headers;
                yield table == null ? LuaState.NIL : run.lua().value(table);
            }
            default -> body.length == 0 ? LuaState.NIL : run.lua().text(body);
        };
    }

    private int call(int flags, LuaReader written, MemorySegment bytes) {
        String cluster = written.text();
        long timeout = Long.parseLong(written.text());
        Headers head = new Headers(MessagePart.REQUEST);
        HeaderTable.read(new LuaReader(written.text())).addTo(head);
        if (!head.contains(HeaderName.PATH)
                || !head.contains(HeaderName.METHOD)
                || !head.contains(HeaderName.AUTHORITY)) {
            return run.lua()
                    .error("http call headers must include ':path', ':method', and ':authority'");
        }
        ByteBuf data =
                (flags & HAS_BODY) == 0
                        ? null
                        : Unpooled.wrappedBuffer(bytes.toArray(ValueLayout.JAVA_BYTE));
        CallOptions options = options(flags, timeout, cluster);
        if ((flags & ASYNCHRONOUS) != 0) {
            run.filter().scope().calls().send(cluster, head, data, options, NOBODY);
            return LuaState.NOTHING;
        }
        cancel(); // of another coroutine of the script: one call is waited for
        duplicates = (flags & DUPLICATES) != 0;
        run.waitForCall();
        open = run.stream().calls().send(cluster, head, data, options, this);
        return LuaState.YIELD;
    }

    private CallOptions options(int flags, long timeout, String cluster) {
        CallOptions options = CallOptions.DEFAULT.marked(true, (flags & SEND_XFF) != 0);
        if (timeout >= 0) {
            options = options.timeout(timeout);
        }
        Boolean sampled =
                (flags & SAMPLED) != 0
                        ? Boolean.TRUE
                        : (flags & NOT_SAMPLED) != 0 ? Boolean.FALSE : null;
        return options.span(
                CallSpan.of(run.stream().trace(), "async " + cluster + " egress", sampled));
    }

    void cancel() {
        UpstreamCall call = open;
        open = null;
        if (call != null) {
            call.cancel();
        }
    }

    @Override
    public void onResponse(Headers head, ByteBuf data) {
        ended(head, ByteBufUtil.getBytes(data));
    }

    /** As Envoy's router answers where there is no response; the rest is a made-up 503. */
    @Override
    public void onFailure(CallFailure why) {
        Headers head = new Headers(MessagePart.RESPONSE);
        if (why.responseBegan()) {
            head.add(HeaderName.STATUS, 503);
            ended(head, "upstream failure".getBytes(StandardCharsets.ISO_8859_1));
            return;
        }
        byte[] text = why.text().getBytes(StandardCharsets.ISO_8859_1);
        head.add(HeaderName.STATUS, why.status());
        head.add(HeaderName.CONTENT_LENGTH, text.length);
        head.add(HeaderName.CONTENT_TYPE, "text/plain");
        ended(head, text);
    }

    private void ended(Headers head, byte[] bytes) {
        open = null;
        headers = table(head);
        body = bytes;
        run.onCallEnded();
    }

    private LuaValues table(Headers head) {
        Map<String, List<String>> byName = new LinkedHashMap<>();
        for (int i = 0; i < head.size(); i++) {
            byName.computeIfAbsent(head.name(i), name -> new ArrayList<>(1)).add(head.value(i));
        }
        LuaValues table = new LuaValues().table(byName.size());
        byName.forEach((name, values) -> {
            table.text(name);
            if (duplicates && values.size() > 1) {
                table.list(values.size());
                values.forEach(table::text);
            } else {
                table.text(values.getLast());
            }
        });
        return table;
    }
}
