package dev.attache.testkit.filter.proxy;

import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.CodecType;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.Identity;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.ResetLimits;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.Routes;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.ServerHeader;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.StripPort;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.Timeouts;
import dev.attache.proxy.network.http.LocalReplySpec;
import dev.attache.proxy.network.http.request.ClientAddress;
import dev.attache.proxy.network.http.request.EscapedSlashes;
import dev.attache.proxy.network.http.request.ForwardClientCert;
import dev.attache.proxy.network.http.request.ForwardProto;
import dev.attache.proxy.network.http.request.Paths;
import dev.attache.proxy.network.http.request.RequestIds;
import dev.attache.proxy.network.http.request.XfccMode;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.worker.JitteredTime;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Settings of a connection manager that adds as little as it can to what goes through it. */
public final class PassThroughSettings {

    private static final String STAT_PREFIX = "test";
    private static final int MAX_HEAD_KB = 60;

    private PassThroughSettings() {}

    public static HttpConnectionManagerSpec of(
            List<FilterEntry> filters, RouteTable routes, Protocol protocol) {
        return new HttpConnectionManagerSpec(
                STAT_PREFIX,
                protocol.multiplexed() ? CodecType.HTTP2 : CodecType.HTTP1,
                Http1Options.DEFAULTS,
                Http2Options.DEFAULTS,
                new Routes.Inline(routes),
                filters,
                Map.of(),
                new Identity("", ServerHeader.PASS_THROUGH, ""),
                new ClientAddress(
                        false,
                        0,
                        true,
                        false,
                        List.of(),
                        false,
                        false,
                        List.of(),
                        ForwardProto.NONE),
                new RequestIds(false, true, false, false, true),
                new ForwardClientCert(XfccMode.ALWAYS_FORWARD_ONLY, Set.of()),
                new Paths(false, false, EscapedSlashes.KEEP_UNCHANGED, true),
                new Timeouts(0, JitteredTime.OFF, false, 0, 0, 0, 0, JitteredTime.of(5_000), 0, 0),
                LocalReplySpec.NONE,
                List.of(),
                false,
                0,
                true,
                false,
                StripPort.NONE,
                false,
                null,
                false,
                0,
                ResetLimits.DEFAULTS,
                MAX_HEAD_KB,
                List.of(),
                null);
    }
}
