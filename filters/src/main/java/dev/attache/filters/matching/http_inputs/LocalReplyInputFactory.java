package dev.attache.filters.matching.http_inputs;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.OverlayCompiler;
import dev.attache.proxy.matching.MatchInput;
import dev.attache.proxy.stream.HttpMatchData;
import dev.attache.proxy.stream.HttpMatchInput;
import dev.attache.proxy.stream.StreamInfo;

/** Whether the response is the proxy's own, {@code true} or {@code false}. */
public final class LocalReplyInputFactory implements OverlayCompiler<HttpMatchInput> {

    @Override
    public Compiled<HttpMatchInput> compile(Overlay proto, CompileContext context) {
        return context.result(LocalReplyInputFactory::get);
    }

    private static Object get(HttpMatchData data) {
        if (data.responseHeaders() == null) {
            return MatchInput.NOT_YET;
        }
        String details = data.info().responseCodeDetails();
        return Boolean.toString(details != null && !details.equals(StreamInfo.VIA_UPSTREAM));
    }
}
