package dev.attache.filters.matching.http_inputs;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.stream.HttpMatchData;
import dev.attache.proxy.stream.HttpMatchInput;
import io.envoyproxy.envoy.type.matcher.v3.HttpResponseTrailerMatchInput;

/** A trailer of the response. */
public final class ResponseTrailerInputFactory
        implements ExtensionCompiler<HttpResponseTrailerMatchInput, HttpMatchInput> {
    @Override
    public HttpResponseTrailerMatchInput prototype() {
        return HttpResponseTrailerMatchInput.getDefaultInstance();
    }

    @Override
    public Compiled<HttpMatchInput> compile(
            HttpResponseTrailerMatchInput proto, CompileContext context) {
        return context.result(
                new HeaderInput(
                        HttpMatchData::responseTrailers, HeaderName.of(proto.getHeaderName())));
    }
}
