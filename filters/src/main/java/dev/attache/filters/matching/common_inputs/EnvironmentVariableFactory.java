package dev.attache.filters.matching.common_inputs;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.matching.CommonMatchInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.environment_variable.v3.Config;

/** A variable of the environment, as it stands when the configuration is read. */
public final class EnvironmentVariableFactory
        implements ExtensionCompiler<Config, CommonMatchInput> {
    @Override
    public Config prototype() {
        return Config.getDefaultInstance();
    }

    @Override
    public Compiled<CommonMatchInput> compile(Config proto, CompileContext context) {
        String value = context.settings().environment().get(proto.getName());
        return context.result(new CommonMatchInput(value == null ? null : Octets.of(value)));
    }
}
