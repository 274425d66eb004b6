package dev.attache.filters.network.direct_response;

import dev.attache.config.Compiled;
import dev.attache.config.core.DataSources;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import io.envoyproxy.envoy.extensions.filters.network.direct_response.v3.Config;

/** Compiles {@code envoy.filters.network.direct_response}. */
public final class DirectResponseFactory implements ExtensionCompiler<Config, DirectResponseSpec> {
    @Override
    public Config prototype() {
        return Config.getDefaultInstance();
    }

    @Override
    public Compiled<DirectResponseSpec> compile(Config proto, CompileContext context) {
        byte[] response = DataSources.bytes(proto.getResponse(), context.at("response"));
        return context.result(new DirectResponseSpec(response == null ? new byte[0] : response));
    }
}
