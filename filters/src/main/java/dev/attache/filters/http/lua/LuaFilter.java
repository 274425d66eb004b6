package dev.attache.filters.http.lua;

import dev.attache.filters.http.lua.exchange.ScriptLog;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** One stream: a run of the script for each direction. Loop-confined. */
final class LuaFilter implements HttpFilter {

    private final LuaSettings settings;
    private final HttpFilterScope scope;
    private final LuaStats stats;
    private @Nullable ScriptRun request;
    private @Nullable ScriptRun response;
    private MetadataValue.Struct context = MetadataValue.EMPTY_STRUCT;

    LuaFilter(LuaSettings settings, HttpFilterScope scope, LuaStats stats) {
        this.settings = settings;
        this.scope = scope;
        this.stats = stats;
    }

    HttpFilterScope scope() {
        return scope;
    }

    LuaStats stats() {
        return stats;
    }

    boolean clearsRoute() {
        return settings.clearsRoute();
    }

    /** What {@code filterContext()} shows. */
    MetadataValue.Struct context() {
        return context;
    }

    private @Nullable ScriptState state(FilterContext stream) {
        LuaOverride ofRoute = stream.override(LuaOverride.class);
        LuaScript script = ofRoute == null ? settings.script() : ofRoute.choose(settings);
        context =
                ofRoute == null || ofRoute.context() == null
                        ? settings.context()
                        : ofRoute.context();
        return script == null ? null : script.on(scope.worker().index(), stats.states);
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext stream) {
        ScriptState state = state(stream);
        if (state == null || !state.hooksRequests()) {
            return Step.CONTINUE;
        }
        request = new ScriptRun(this, state, stream, Direction.REQUEST, headers);
        return request.start(end);
    }

    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext stream) {
        return request == null ? Step.CONTINUE : request.onData(data, end);
    }

    @Override
    public Step onRequestTrailers(Headers trailers, FilterContext stream) {
        return request == null ? Step.CONTINUE : request.onTrailers(trailers);
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext stream) {
        ScriptState state = state(stream);
        if (state == null || !state.hooksResponses()) {
            return Step.CONTINUE;
        }
        if (response != null) {
            response.close();
        }
        response = new ScriptRun(this, state, stream, Direction.RESPONSE, headers);
        return response.start(end);
    }

    @Override
    public Step onResponseData(ByteBuf data, boolean end, FilterContext stream) {
        return response == null ? Step.CONTINUE : response.onData(data, end);
    }

    @Override
    public Step onResponseTrailers(Headers trailers, FilterContext stream) {
        return response == null ? Step.CONTINUE : response.onTrailers(trailers);
    }

    /** A script has failed: neither of them goes on. */
    void failed(String why) {
        stats.errors.inc();
        ScriptLog.error(why);
        if (request != null) {
            request.abandon();
        }
        if (response != null) {
            response.abandon();
        }
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext stream) {
        if (request != null) {
            request.close();
        }
        if (response != null) {
            response.close();
        }
    }
}
