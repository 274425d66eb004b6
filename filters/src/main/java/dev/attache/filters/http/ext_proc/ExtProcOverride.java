package dev.attache.filters.http.ext_proc;

import dev.attache.filters.authorization.ToldMetadata;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.route.HeaderMutations;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code ExtProcPerRoute} of one level. Immutable. What is null is as a less specific level, or the
 * filter, says.
 *
 * @param disabled nothing is sent
 * @param initialMetadata beside that of the service
 */
record ExtProcOverride(
        boolean disabled,
        @Nullable ProcessingMode mode,
        @Nullable GrpcService service,
        HeaderMutations initialMetadata,
        @Nullable ToldMetadata metadata,
        @Nullable ToldMetadata clusterMetadata,
        @Nullable Set<String> metadataNamespaces,
        @Nullable Boolean failureAllowed,
        @Nullable ToldAttributes attributes,
        @Nullable Boolean emitsSpan) {

    static final ExtProcOverride DISABLED =
            new ExtProcOverride(
                    true, null, null, HeaderMutations.NONE, null, null, null, null, null, null);

    /**
     * All levels as one.
     *
     * @param levels the most specific first, at least one
     */
    static ExtProcOverride merged(List<ExtProcOverride> levels) {
        ExtProcOverride merged = levels.getLast();
        for (int i = levels.size() - 2; i >= 0; i--) {
            merged = merged.under(levels.get(i));
        }
        return merged;
    }

    private ExtProcOverride under(ExtProcOverride above) {
        return new ExtProcOverride(
                above.disabled,
                above.disabled ? null : or(above.mode, mode),
                or(above.service, service),
                GrpcService.both(initialMetadata, above.initialMetadata),
                or(above.metadata, metadata),
                or(above.clusterMetadata, clusterMetadata),
                or(above.metadataNamespaces, metadataNamespaces),
                or(above.failureAllowed, failureAllowed),
                or(above.attributes, attributes),
                or(above.emitsSpan, emitsSpan));
    }

    private static <T> @Nullable T or(@Nullable T first, @Nullable T second) {
        return first != null ? first : second;
    }
}
