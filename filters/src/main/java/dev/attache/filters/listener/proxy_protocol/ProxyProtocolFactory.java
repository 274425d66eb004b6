package dev.attache.filters.listener.proxy_protocol;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.listener.filter.ProxyProtocolSpec;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolPassThroughTLVs.PassTLVsMatchType;
import io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** PROXY protocol. */
public final class ProxyProtocolFactory
        implements ExtensionCompiler<ProxyProtocol, ProxyProtocolSpec> {
    @Override
    public ProxyProtocol prototype() {
        return ProxyProtocol.getDefaultInstance();
    }

    private static final String NAMESPACE = "envoy.filters.listener.proxy_protocol";

    @Override
    public Compiled<ProxyProtocolSpec> compile(ProxyProtocol proto, CompileContext context) {
        List<ProxyProtocolSpec.Rule> rules =
                proto.getRulesList().stream().map(ProxyProtocolFactory::rule).toList();
        Set<Integer> disallowed = new HashSet<>();
        proto.getDisallowedVersionsValueList().forEach(version -> disallowed.add(version + 1));
        if (disallowed.containsAll(Set.of(1, 2))) {
            context.at("disallowed_versions").error("proxy_protocol: all versions are disallowed");
        }
        var pass = proto.getPassThroughTlvs();
        boolean all =
                proto.hasPassThroughTlvs() && pass.getMatchType() == PassTLVsMatchType.INCLUDE_ALL;
        return context.result(
                new ProxyProtocolSpec(
                        rules,
                        proto.getAllowRequestsWithoutProxyProtocol(),
                        Set.copyOf(pass.getTlvTypeList()),
                        all,
                        disallowed,
                        proto.getStatPrefix(),
                        Overlay.of(proto).choice("tlv_location").equals("FILTER_STATE")));
    }

    private static ProxyProtocolSpec.Rule rule(ProxyProtocol.Rule rule) {
        var target = rule.getOnTlvPresent();
        String namespace =
                target.getMetadataNamespace().isEmpty() ? NAMESPACE : target.getMetadataNamespace();
        return new ProxyProtocolSpec.Rule(
                rule.getTlvType(),
                namespace,
                target.getKey(),
                Overlay.of(target).choice("value_string_encoding").equals("BASE64"));
    }
}
