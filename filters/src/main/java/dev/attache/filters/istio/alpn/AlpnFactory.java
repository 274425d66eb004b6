package dev.attache.filters.istio.alpn;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.OverlayCompiler;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.metadata.StateValue;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Reads {@code istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig}. */
public final class AlpnFactory implements OverlayCompiler<HttpFilterSpec> {

    @Override
    public Compiled<HttpFilterSpec> compile(Overlay proto, CompileContext context) {
        Map<Protocol, StateValue.Names> overrides = new EnumMap<>(Protocol.class);
        for (Overlay each : proto.overlays("alpn_override")) {
            List<String> names = each.texts("alpn_override").stream().map(Octets::of).toList();
            // Of two for one protocol the first one counts.
            overrides.putIfAbsent(
                    protocol(each.choice("upstream_protocol")), new StateValue.Names(names));
        }
        return context.result(new AlpnSpec(overrides));
    }

    private static Protocol protocol(String name) {
        return switch (name) {
            case "HTTP11" -> Protocol.HTTP11;
            case "HTTP2" -> Protocol.HTTP2;
            default -> Protocol.HTTP10;
        };
    }
}
