package dev.attache.filters.matching.input_matchers;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.matching.InputMatcher;
import io.envoyproxy.envoy.extensions.matching.input_matchers.consistent_hashing.v3.ConsistentHashing;

/** Holds for a share of all values, always the same. */
public final class ConsistentHashingFactory
        implements ExtensionCompiler<ConsistentHashing, InputMatcher> {
    @Override
    public ConsistentHashing prototype() {
        return ConsistentHashing.getDefaultInstance();
    }

    @Override
    public Compiled<InputMatcher> compile(ConsistentHashing proto, CompileContext context) {
        long threshold = Integer.toUnsignedLong(proto.getThreshold());
        long modulo = Integer.toUnsignedLong(proto.getModulo());
        if (threshold > modulo) {
            context.error("threshold cannot be greater than modulo: " + threshold + " > " + modulo);
        }
        return context.result(
                new HashMatcher(
                        proto.getSeed(),
                        hash -> Long.remainderUnsigned(hash, modulo) >= threshold));
    }
}
