package dev.attache.filters.matching.http_inputs;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.stream.HttpMatchInput;
import io.envoyproxy.envoy.type.matcher.v3.HttpResponseStatusCodeMatchInput;

/** The status of the response. */
public final class StatusCodeInputFactory
        implements ExtensionCompiler<HttpResponseStatusCodeMatchInput, HttpMatchInput> {
    @Override
    public HttpResponseStatusCodeMatchInput prototype() {
        return HttpResponseStatusCodeMatchInput.getDefaultInstance();
    }

    @Override
    public Compiled<HttpMatchInput> compile(
            HttpResponseStatusCodeMatchInput proto, CompileContext context) {
        return context.result(StatusInput.CODE);
    }
}
