package dev.attache.filters.matching.http_inputs;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.stream.HttpMatchInput;
import io.envoyproxy.envoy.type.matcher.v3.HttpRequestQueryParamMatchInput;

/** A parameter of the request's query. */
public final class QueryParameterInputFactory
        implements ExtensionCompiler<HttpRequestQueryParamMatchInput, HttpMatchInput> {
    @Override
    public HttpRequestQueryParamMatchInput prototype() {
        return HttpRequestQueryParamMatchInput.getDefaultInstance();
    }

    @Override
    public Compiled<HttpMatchInput> compile(
            HttpRequestQueryParamMatchInput proto, CompileContext context) {
        return context.result(new QueryParameterInput(Octets.of(proto.getQueryParam())));
    }
}
