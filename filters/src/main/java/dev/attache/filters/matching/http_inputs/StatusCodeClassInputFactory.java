package dev.attache.filters.matching.http_inputs;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.stream.HttpMatchInput;
import io.envoyproxy.envoy.type.matcher.v3.HttpResponseStatusCodeClassMatchInput;

/** The class of the response's status. */
public final class StatusCodeClassInputFactory
        implements ExtensionCompiler<HttpResponseStatusCodeClassMatchInput, HttpMatchInput> {
    @Override
    public HttpResponseStatusCodeClassMatchInput prototype() {
        return HttpResponseStatusCodeClassMatchInput.getDefaultInstance();
    }

    @Override
    public Compiled<HttpMatchInput> compile(
            HttpResponseStatusCodeClassMatchInput proto, CompileContext context) {
        return context.result(StatusInput.CLASS);
    }
}
