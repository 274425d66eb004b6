package dev.attache.filters.rbac.matchers.upstream_ip_port;

import dev.attache.config.Compiled;
import dev.attache.config.core.CidrRanges;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.rbac.Check;
import io.envoyproxy.envoy.extensions.rbac.matchers.upstream_ip_port.v3.UpstreamIpPortMatcher;

/** Compiles {@code envoy.rbac.matchers.upstream_ip_port}. */
public final class UpstreamIpPortFactory
        implements ExtensionCompiler<UpstreamIpPortMatcher, Check> {
    @Override
    public UpstreamIpPortMatcher prototype() {
        return UpstreamIpPortMatcher.getDefaultInstance();
    }

    @Override
    public Compiled<Check> compile(UpstreamIpPortMatcher proto, CompileContext context) {
        if (!proto.hasUpstreamIp() && !proto.hasUpstreamPortRange()) {
            context.error(
                    "Invalid UpstreamIpPortMatcher configuration - missing `upstream_ip` and/or"
                            + " `upstream_port_range`");
        }
        return context.result(
                new UpstreamIpPort(
                        proto.hasUpstreamIp()
                                ? CidrRanges.compile(
                                        proto.getUpstreamIp(), context.at("upstream_ip"))
                                : null,
                        proto.hasUpstreamPortRange()
                                ? new UpstreamIpPort.Ports(
                                        proto.getUpstreamPortRange().getStart(),
                                        proto.getUpstreamPortRange().getEnd())
                                : null));
    }
}
