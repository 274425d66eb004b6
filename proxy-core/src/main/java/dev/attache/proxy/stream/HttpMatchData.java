package dev.attache.proxy.stream;

import dev.attache.proxy.http.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a matcher of HTTP may look at, as far as it is there ({@code HttpMatchingData} in Envoy):
 * what is null has not come yet, or does not come. Loop-confined.
 */
public interface HttpMatchData {

    StreamInfo info();

    @Nullable Headers requestHeaders();

    @Nullable Headers requestTrailers();

    @Nullable Headers responseHeaders();

    @Nullable Headers responseTrailers();
}
