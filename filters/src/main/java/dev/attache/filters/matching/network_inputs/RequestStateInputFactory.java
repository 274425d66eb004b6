package dev.attache.filters.matching.network_inputs;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.stream.HttpMatchInput;

/** An object of a request's filter state. */
public final class RequestStateInputFactory
        implements ExtensionCompiler<
                io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.FilterStateInput,
                HttpMatchInput> {
    @Override
    public io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.FilterStateInput
            prototype() {
        return io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.FilterStateInput
                .getDefaultInstance();
    }

    @Override
    public Compiled<HttpMatchInput> compile(
            io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.FilterStateInput proto,
            CompileContext context) {
        FilterStateInput input =
                new FilterStateInput(proto.getKey(), Overlay.of(proto).text("field"));
        return context.result(data -> input.get(data.info().filterState()));
    }
}
