package dev.attache.filters.matching.input_matchers;

import dev.attache.config.Compiled;
import dev.attache.config.core.CidrRanges;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.matching.InputMatcher;
import io.envoyproxy.envoy.extensions.matching.input_matchers.ip.v3.Ip;

/** Holds for addresses of some ranges. */
public final class IpFactory implements ExtensionCompiler<Ip, InputMatcher> {
    @Override
    public Ip prototype() {
        return Ip.getDefaultInstance();
    }

    @Override
    public Compiled<InputMatcher> compile(Ip proto, CompileContext context) {
        return context.result(
                new IpMatcher(
                        CidrRanges.compile(proto.getCidrRangesList(), "cidr_ranges", context)));
    }
}
