package dev.attache.proxy.network.http;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.h1.Http1ServerCodec;
import dev.attache.proxy.network.http.HttpConnectionManager.ServerCodec;
import dev.attache.proxy.network.http.stats.HttpManagerStats;
import dev.attache.proxy.network.http.stats.HttpManagerStats.Count;
import dev.attache.proxy.overload.LoadShedPoint;
import dev.attache.proxy.overload.OverloadAction;
import dev.attache.proxy.overload.WorkerOverload;
import dev.attache.proxy.pipeline.LocalReply;
import org.jspecify.annotations.Nullable;

/**
 * What overload makes of one HTTP connection and its requests. While nothing is in force each
 * question costs one look at a field. Loop-confined.
 */
final class LoadShedding {

    private static final LocalReply REFUSAL =
            LocalReply.of(503, LocalReply.ENVOY_OVERLOADED, LocalReply.OVERLOAD);

    private static final LocalReply REFUSAL_THAT_TELLS =
            REFUSAL.with(HeaderName.X_ENVOY_LOCAL_OVERLOADED, "true");

    private final HttpConnectionManager manager;
    private final WorkerOverload overload;
    private final HttpManagerStats stats;
    private final Connection connection;
    private boolean heard;
    private boolean ended;

    LoadShedding(HttpConnectionManager manager) {
        this.manager = manager;
        this.overload = manager.chain().overload();
        this.stats = manager.stats();
        this.connection = manager.connection();
    }

    /** Whether the connection was ended for overload. */
    boolean ended() {
        return ended;
    }

    /** Asked for all that comes, before there need be a codec; true: the connection ends. */
    boolean refusesCodec() {
        if (heard) {
            return false;
        }
        heard = true;
        if (!overload.sheds(LoadShedPoint.HCM_ONDATA_CREATING_CODEC)) {
            return false;
        }
        stats.inc(Count.DOWNSTREAM_RQ_OVERLOAD_CLOSE);
        end("onData_codec_creation_overload");
        return true;
    }

    /**
     * Asked before a codec reads what has come; true: it is not to, and the connection ends. As in
     * Envoy, HTTP/1 connections leave where HTTP/2 ones are told to go away.
     */
    boolean abortsDispatch(ServerCodec codec) {
        if (!overload.active()) {
            return false;
        }
        if (overload.sheds(LoadShedPoint.HTTP2_SERVER_GO_AWAY_AND_CLOSE_ON_DISPATCH)) {
            codec.http().shutdownNotice();
            codec.http().goAway();
            end("Load_shed_point_http2_server_go_away_and_close_on_dispatch_triggered");
            return true;
        }
        if (overload.sheds(LoadShedPoint.HTTP2_SERVER_GO_AWAY_ON_DISPATCH)) {
            manager.leave();
        }
        return codec.http() instanceof Http1ServerCodec http1 && abortsDispatch(http1);
    }

    private boolean abortsDispatch(Http1ServerCodec codec) {
        if (!overload.sheds(LoadShedPoint.HTTP1_SERVER_ABORT_DISPATCH)) {
            return false;
        }
        stats.inc(Count.DOWNSTREAM_RQ_OVERLOAD_CLOSE);
        ended = true;
        connection.info().localCloseReason("overload_error:Aborting_Server_Dispatch");
        codec.abortDispatch();
        return true;
    }

    private void end(String details) {
        ended = true;
        connection.closeFor(CloseType.FLUSH_WRITE_AND_DELAY, "overload_error:" + details);
    }

    /**
     * The answer to a new request that filters are not to see, counted; or null.
     *
     * @param crowding memory is scarce, and the request's connection or stream holds much of it
     */
    @Nullable LocalReply refusal(boolean crowding) {
        if (!crowding && !refusesRequests()) {
            return null;
        }
        stats.inc(Count.DOWNSTREAM_RQ_OVERLOAD_CLOSE);
        return manager.chain().spec().localReplies().appendLocalOverload()
                ? REFUSAL_THAT_TELLS
                : REFUSAL;
    }

    private boolean refusesRequests() {
        return overload.active()
                && (overload.sheds(LoadShedPoint.HTTP_CONNECTION_MANAGER_DECODE_HEADERS)
                        || overload.strikes(OverloadAction.STOP_ACCEPTING_REQUESTS));
    }

    /** Asked at each response of a connection that is to stay; counted where it is not. */
    boolean disablesKeepAlive() {
        if (!overload.strikes(OverloadAction.DISABLE_HTTP_KEEPALIVE)) {
            return false;
        }
        HttpLog.keepAliveDisabled(connection.info());
        stats.inc(Count.DOWNSTREAM_CX_OVERLOAD_DISABLE_KEEPALIVE);
        return true;
    }
}
