package dev.attache.filters.matching.http_inputs;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.stream.HttpMatchData;
import dev.attache.proxy.stream.HttpMatchInput;
import io.envoyproxy.envoy.type.matcher.v3.HttpRequestHeaderMatchInput;

/** A header of the request; {@code host} is another name of {@code :authority}. */
public final class RequestHeaderInputFactory
        implements ExtensionCompiler<HttpRequestHeaderMatchInput, HttpMatchInput> {
    @Override
    public HttpRequestHeaderMatchInput prototype() {
        return HttpRequestHeaderMatchInput.getDefaultInstance();
    }

    @Override
    public Compiled<HttpMatchInput> compile(
            HttpRequestHeaderMatchInput proto, CompileContext context) {
        HeaderName name = HeaderName.of(proto.getHeaderName());
        return context.result(
                new HeaderInput(
                        HttpMatchData::requestHeaders,
                        name.equals(HeaderName.HOST) ? HeaderName.AUTHORITY : name));
    }
}
