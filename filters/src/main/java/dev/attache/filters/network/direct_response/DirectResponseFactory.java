package dev.attache.filters.network.direct_response;

import dev.attache.config.Compiled;
import dev.attache.config.core.DataSources;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import io.envoyproxy.envoy.extensions.filters.network.direct_response.v3.Config;

/** Compiles {@code envoy.filters.network.direct_response}. */
public final class DirectResponseFactory implements ExtensionFactory<Config, DirectResponseSpec> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(ExtensionCategory.NETWORK_FILTER, Config.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.filters.network.direct_response";
    }

    @Override
    public Class<Config> protoType() {
        return Config.class;
    }

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
