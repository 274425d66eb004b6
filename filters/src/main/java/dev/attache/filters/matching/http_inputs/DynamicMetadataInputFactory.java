package dev.attache.filters.matching.http_inputs;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.metadata.MetadataMatch;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.HttpMatchInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.DynamicMetadataInput;
import java.util.ArrayList;
import java.util.List;

/**
 * A value of the stream's dynamic metadata, for the metadata matcher: one that wants text finds
 * none, as in Envoy.
 */
public final class DynamicMetadataInputFactory
        implements ExtensionCompiler<DynamicMetadataInput, HttpMatchInput> {
    @Override
    public DynamicMetadataInput prototype() {
        return DynamicMetadataInput.getDefaultInstance();
    }

    @Override
    public Compiled<HttpMatchInput> compile(DynamicMetadataInput proto, CompileContext context) {
        List<String> keys = new ArrayList<>();
        for (DynamicMetadataInput.PathSegment segment : proto.getPathList()) {
            keys.add(segment.getKey());
        }
        String namespace = proto.getFilter();
        List<String> path = List.copyOf(keys);
        return context.result(data -> {
            MetadataValue value = data.info().dynamicMetadata().get(namespace, path);
            return value == null ? MetadataMatch.ABSENT : value;
        });
    }
}
