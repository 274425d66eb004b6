package dev.attache.filters.matching.input_matchers;

import dev.attache.config.Compiled;
import dev.attache.config.core.Fractions;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.runtime.Fraction;
import dev.attache.proxy.matching.InputMatcher;
import io.envoyproxy.envoy.extensions.matching.input_matchers.runtime_fraction.v3.RuntimeFraction;

/** Holds for a share of all values that the runtime may set. */
public final class RuntimeFractionFactory
        implements ExtensionCompiler<RuntimeFraction, InputMatcher> {
    @Override
    public RuntimeFraction prototype() {
        return RuntimeFraction.getDefaultInstance();
    }

    @Override
    public Compiled<InputMatcher> compile(RuntimeFraction proto, CompileContext context) {
        Fraction fraction =
                Fractions.compile(proto.getRuntimeFraction(), context.at("runtime_fraction"));
        return context.result(new HashMatcher(proto.getSeed(), fraction::includes));
    }
}
