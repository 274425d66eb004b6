package dev.attache.filters.matching.http_inputs;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.stream.HttpMatchData;
import dev.attache.proxy.stream.HttpMatchInput;
import io.envoyproxy.envoy.type.matcher.v3.HttpRequestTrailerMatchInput;

/** A trailer of the request. */
public final class RequestTrailerInputFactory
        implements ExtensionCompiler<HttpRequestTrailerMatchInput, HttpMatchInput> {
    @Override
    public HttpRequestTrailerMatchInput prototype() {
        return HttpRequestTrailerMatchInput.getDefaultInstance();
    }

    @Override
    public Compiled<HttpMatchInput> compile(
            HttpRequestTrailerMatchInput proto, CompileContext context) {
        return context.result(
                new HeaderInput(
                        HttpMatchData::requestTrailers, HeaderName.of(proto.getHeaderName())));
    }
}
