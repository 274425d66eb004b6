package dev.attache.filters.matching.http_inputs;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.stream.HttpMatchData;
import dev.attache.proxy.stream.HttpMatchInput;
import io.envoyproxy.envoy.type.matcher.v3.HttpResponseHeaderMatchInput;

/** A header of the response. */
public final class ResponseHeaderInputFactory
        implements ExtensionCompiler<HttpResponseHeaderMatchInput, HttpMatchInput> {
    @Override
    public HttpResponseHeaderMatchInput prototype() {
        return HttpResponseHeaderMatchInput.getDefaultInstance();
    }

    @Override
    public Compiled<HttpMatchInput> compile(
            HttpResponseHeaderMatchInput proto, CompileContext context) {
        return context.result(
                new HeaderInput(
                        HttpMatchData::responseHeaders, HeaderName.of(proto.getHeaderName())));
    }
}
