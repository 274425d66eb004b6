package dev.attache.filters.http.grpc_json_transcoder;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import io.envoyproxy.envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder;

/** Settings of a route; without services they switch the filter off. */
public final class TranscoderPerRouteFactory
        implements ExtensionCompiler<GrpcJsonTranscoder, Object> {
    @Override
    public GrpcJsonTranscoder prototype() {
        return GrpcJsonTranscoder.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(GrpcJsonTranscoder proto, CompileContext context) {
        return context.result(TranscoderFactory.settings(proto, context));
    }
}
