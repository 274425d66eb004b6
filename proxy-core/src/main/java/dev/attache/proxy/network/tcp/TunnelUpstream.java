package dev.attache.proxy.network.tcp;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.DetectedClose;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.connection.WatermarkListener;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.pool.PoolFailure;
import dev.attache.proxy.upstream.pool.StreamWaiter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The client's bytes as the body of a CONNECT or POST (Envoy's {@code HttpUpstream}): one attempt.
 * It is an upstream from the moment that the peer has accepted; before that, an end of any kind is
 * a failed attempt to connect. A stream that both sides have ended is over; every other end resets
 * it.
 *
 * <p>Longer than files here should be: before and after the acceptance each end means something
 * else.
 */
final class TunnelUpstream implements TcpUpstream, StreamWaiter, HttpSink, WatermarkListener {

    private final TcpProxy proxy;
    private final TunnelRequest request;
    private final StreamInfo info;
    private final boolean secure;

    /** Bytes of the attempts before this one. */
    private final long[] before;

    private Cancellable wait = Cancellable.DONE;
    private @Nullable HttpStream stream;
    private @Nullable Connection carrier;
    private @Nullable Host host;
    private boolean multiplexed;
    private boolean established;
    private boolean readEnded;
    private boolean writeEnded;
    private boolean over;

    /**
     * @param secure connections to the host are
     */
    TunnelUpstream(TcpProxy proxy, TunnelRequest request, StreamInfo info, boolean secure) {
        this.proxy = proxy;
        this.request = request;
        this.info = info;
        this.secure = secure;
        UpstreamInfo sofar = info.upstreamForWriting();
        this.before =
                new long[] {
                    sofar.wireBytesSent,
                    sofar.wireBytesReceived,
                    sofar.headerBytesSent,
                    sofar.headerBytesReceived
                };
    }

    /** Asks the pool for a stream. */
    void open(Cluster cluster, Host to, TransportOptions options) {
        Cancellable waiting =
                cluster.newStream(
                        to,
                        Priority.DEFAULT,
                        Protocol.HTTP2,
                        options,
                        info.downstream().id(),
                        this,
                        this);
        if (stream == null && !over) {
            wait = waiting;
        }
    }

    // ---- the pool ------------------------------------------------------------------------------

    @Override
    public void onStream(HttpStream opened, Connection upstream, Host onHost) {
        wait = Cancellable.DONE;
        if (over) {
            opened.reset(ResetReason.LOCAL_RESET);
            return;
        }
        stream = opened;
        carrier = upstream;
        host = onHost;
        multiplexed = opened.connection().protocol().multiplexed();
        opened.chargeTo(proxy.account());
        opened.watermarks(this);
        Headers head = request.head(info, multiplexed, secure);
        if (head == null) {
            refused(null);
        } else {
            opened.carriesTcp();
            opened.headers(head, false);
        }
    }

    @Override
    public void onFailure(PoolFailure why, @Nullable String reason, Host onHost) {
        wait = Cancellable.DONE;
        if (!over) {
            over = true;
            proxy.onFailure(why, reason, onHost);
        }
    }

    // ---- from the upstream
    // -----------------------------------------------------------------------

    @Override
    public void informational(Headers headers) {
        // What comes before the answer says nothing of the tunnel.
    }

    @Override
    public void headers(Headers response, boolean end) {
        if (over) {
            return;
        }
        request.onHeaders(info, response);
        long status = response.getLong(HeaderName.STATUS);
        boolean accepted = multiplexed ? status == 200 : status >= 200 && status < 300;
        Connection by = carrier;
        Host at = host;
        if (!accepted || end || by == null || at == null) {
            refused("tunnel response:" + status);
            return;
        }
        established = true;
        proxy.onTunnel(this, by, at);
    }

    /** The attempt has failed: as if it had not come to a connection. */
    private void refused(@Nullable String reason) {
        finish(true);
        Host at = host;
        if (at != null) {
            proxy.onFailure(PoolFailure.REMOTE_CONNECTION_FAILURE, reason, at);
        }
    }

    @Override
    public void data(ByteBuf chunk, boolean end) {
        if (over) {
            chunk.release();
            return;
        }
        proxy.fromUpstream(chunk, end);
        if (end) {
            onReadEnd();
        }
    }

    @Override
    public void trailers(Headers trailers) {
        if (!over) {
            request.onTrailers(info, trailers);
            proxy.fromUpstream(Unpooled.EMPTY_BUFFER, true);
            onReadEnd();
        }
    }

    /** HTTP/1 has no half of an exchange: with the response, it is over. */
    private void onReadEnd() {
        readEnded = true;
        if (!over && (writeEnded || !multiplexed)) {
            finish(!writeEnded);
            proxy.upstreamClosed(false);
        }
    }

    @Override
    public void reset(ResetReason why) {
        if (over) {
            return;
        }
        finish(false);
        Host at = host;
        if (established) {
            boolean byPeer = why == ResetReason.REMOTE_RESET && multiplexed;
            if (byPeer) {
                info.upstreamForWriting().detectedClose = DetectedClose.REMOTE_RESET;
            }
            proxy.upstreamClosed(byPeer);
        } else if (at != null) {
            proxy.onFailure(PoolFailure.REMOTE_CONNECTION_FAILURE, null, at);
        }
    }

    @Override
    public void onAboveHighWatermark() {
        if (established && !over) {
            proxy.upstreamFull();
        }
    }

    @Override
    public void onBelowLowWatermark() {
        if (established && !over) {
            proxy.upstreamDrained();
        }
    }

    // ---- towards the upstream
    // --------------------------------------------------------------------

    @Override
    public void write(ByteBuf data) {
        HttpStream to = stream;
        if (over || writeEnded || to == null) {
            data.release();
        } else {
            to.data(data, false);
        }
    }

    @Override
    public void end() {
        HttpStream to = stream;
        if (over || writeEnded || to == null) {
            return;
        }
        writeEnded = true;
        to.data(Unpooled.EMPTY_BUFFER, true);
        if (!over && readEnded) {
            finish(false);
            proxy.upstreamClosed(false);
        }
    }

    @Override
    public @Nullable Valve input() {
        HttpStream from = stream;
        return over || readEnded || from == null ? null : from.input();
    }

    /** Before it is an upstream: the attempt is not wanted any more. */
    boolean abandon() {
        wait.cancel();
        boolean begun = stream != null && !over;
        finish(true);
        return begun;
    }

    @Override
    public void downstreamClosed(ConnectionEvent event) {
        finish(true);
    }

    @Override
    public void giveUp(String reason) {
        finish(true);
    }

    /**
     * Nothing more goes either way.
     *
     * @param reset what is still open of the stream
     */
    private void finish(boolean reset) {
        if (over) {
            return;
        }
        over = true;
        HttpStream last = stream;
        if (last == null) {
            return;
        }
        if (reset && !(readEnded && writeEnded)) {
            last.reset(ResetReason.LOCAL_RESET);
        }
        count(last);
    }

    @Override
    public void count() {
        HttpStream now = stream;
        if (now != null && !over) {
            count(now);
        }
    }

    /** As in Envoy, the bytes of all attempts. */
    private void count(HttpStream counted) {
        UpstreamInfo upstream = info.upstreamForWriting();
        upstream.wireBytesSent = before[0] + counted.wireBytesSent();
        upstream.wireBytesReceived = before[1] + counted.wireBytesReceived();
        upstream.headerBytesSent = before[2] + counted.headerBytesSent();
        upstream.headerBytesReceived = before[3] + counted.headerBytesReceived();
    }
}
