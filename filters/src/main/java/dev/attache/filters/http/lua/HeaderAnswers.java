package dev.attache.filters.http.lua;

import dev.attache.filters.http.lua.exchange.Question;
import dev.attache.filters.lua.LuaState;
import dev.attache.filters.lua.LuaValues;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options.HeaderKeyFormat.PreserveCase;
import dev.attache.proxy.http.NameSpelling;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** What {@code headers()}, {@code trailers()} and {@code requestHeaders()} are asked. */
final class HeaderAnswers {

    private static final int TRAILERS = 1;
    private static final int OF_REQUEST = 2;

    private final ScriptRun run;

    HeaderAnswers(ScriptRun run) {
        this.run = run;
    }

    int answer(Question question, int which, MemorySegment text, MemorySegment more) {
        if (question == Question.HEADERS_GET_AT) {
            return at(headers(Integer.parseInt(LuaState.text(more))), name(text), which);
        }
        Headers headers = headers(which);
        return switch (question) {
            case HEADERS_MODIFY -> modify(which);
            case HEADERS_ADD -> {
                headers.add(name(text), LuaState.text(more));
                yield LuaState.NOTHING;
            }
            case HEADERS_REPLACE -> {
                headers.set(name(text), LuaState.text(more));
                yield LuaState.NOTHING;
            }
            case HEADERS_REMOVE -> {
                headers.remove(name(text));
                yield LuaState.NOTHING;
            }
            case HEADERS_REASON -> reason(headers, text.toArray(ValueLayout.JAVA_BYTE));
            case HEADERS_GET -> textOrNothing(joined(headers, name(text)));
            case HEADERS_COUNT -> run.lua().number(headers.count(name(text)));
            default -> all(headers);
        };
    }

    private Headers headers(int which) {
        Headers trailers = run.trailers();
        if (which == TRAILERS && trailers != null) {
            return trailers;
        }
        return which == OF_REQUEST ? run.stream().requestHeaders() : run.headers();
    }

    private HeaderName name(MemorySegment text) {
        HeaderName name = HeaderName.of(LuaState.text(text));
        return name == HeaderName.HOST ? HeaderName.AUTHORITY : name;
    }

    /** All values of a name, as Envoy shows them. */
    private static @Nullable String joined(Headers headers, HeaderName name) {
        return headers.getJoined(name);
    }

    private int textOrNothing(@Nullable String value) {
        return value == null ? LuaState.NOTHING : run.lua().text(value);
    }

    private int at(Headers headers, HeaderName name, int wanted) {
        int index = wanted < 0 ? -1 : headers.indexOf(name);
        for (int i = 0; i < wanted && index >= 0; i++) {
            index = headers.indexOf(name, index + 1);
        }
        return index < 0 ? LuaState.NOTHING : run.lua().text(headers.value(index));
    }

    /** The script is about to change headers; trailers can always be changed. */
    private int modify(int which) {
        if (which == TRAILERS) {
            return LuaState.NOTHING;
        }
        if (which == OF_REQUEST && !run.isRequest()) {
            return run.lua().error("header map can no longer be modified");
        }
        if (run.headersContinued()) {
            return run.lua().error("header map can no longer be modified");
        }
        if (run.isRequest() && run.filter().clearsRoute()) {
            run.stream().clearRoute();
        }
        return LuaState.NOTHING;
    }

    /** A body has been replaced. */
    void contentLength(int bytes) {
        run.headers().set(HeaderName.CONTENT_LENGTH, bytes);
    }

    /** Of responses only, as in Envoy. */
    private int reason(Headers headers, byte[] phrase) {
        if (!run.isRequest() && headers == run.headers()) {
            NameSpelling spelling = headers.spelling();
            if (spelling == null) {
                spelling = new NameSpelling(new PreserveCase(true, false));
                headers.spelling(spelling);
            }
            spelling.reason(phrase);
        }
        return LuaState.NOTHING;
    }

    private int all(Headers headers) {
        LuaValues list = new LuaValues().list(2 * headers.size());
        for (int i = 0; i < headers.size(); i++) {
            list.text(headers.name(i)).text(headers.value(i));
        }
        return run.lua().value(list);
    }
}
