package dev.attache.filters.matching.network_inputs;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.connection.ConnectionMatchInput;
import dev.attache.proxy.stream.HttpMatchInput;
import java.util.function.Function;

/**
 * An object of filter state.
 *
 * @param <S> {@code ConnectionMatchInput} or {@code HttpMatchInput}
 */
public final class FilterStateInputFactory<S>
        implements ExtensionCompiler<
                io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.FilterStateInput,
                S> {
    private final Function<FilterStateInput, S> input;

    private FilterStateInputFactory(Function<FilterStateInput, S> input) {
        this.input = input;
    }

    /** A connection's. */
    public static FilterStateInputFactory<ConnectionMatchInput> ofConnections() {
        return new FilterStateInputFactory<>(
                input -> connection -> input.get(connection.filterState()));
    }

    /** A request's, with its connection's. */
    public static FilterStateInputFactory<HttpMatchInput> ofRequests() {
        return new FilterStateInputFactory<>(input -> data -> input.get(data.info().filterState()));
    }

    @Override
    public io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.FilterStateInput
            prototype() {
        return io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.FilterStateInput
                .getDefaultInstance();
    }

    @Override
    public Compiled<S> compile(
            io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.FilterStateInput proto,
            CompileContext context) {
        return context.result(
                input.apply(new FilterStateInput(proto.getKey(), Overlay.of(proto).text("field"))));
    }
}
