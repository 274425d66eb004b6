package dev.attache.filters.http.compressor;

import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import java.util.Set;

/**
 * A response compressor. Immutable.
 *
 * @param available whether its library is there; if not, responses pass as they are
 * @param minContentLength smaller responses of known length are left alone
 * @param contentTypes media types to compress, without parameters
 */
record CompressorSpec(boolean available, long minContentLength, Set<String> contentTypes)
        implements HttpFilterSpec {
    static final Set<String> DEFAULT_CONTENT_TYPES =
            Set.of(
                    "application/javascript",
                    "application/json",
                    "application/xhtml+xml",
                    "image/svg+xml",
                    "text/css",
                    "text/html",
                    "text/plain",
                    "text/xml");

    CompressorSpec {
        contentTypes = Set.copyOf(contentTypes);
    }

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        return () -> new CompressorFilter(this);
    }
}
