package dev.attache.filters.http.set_metadata;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.DynamicMetadata;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.stats.Cell;

/** One stream. Loop-confined. */
final class SetMetadataFilter implements HttpFilter {
    private final SetMetadataSettings ofFilter;
    private final Cell denied;

    /**
     * @param denied counts entries whose namespace was there
     */
    SetMetadataFilter(SetMetadataSettings ofFilter, Cell denied) {
        this.ofFilter = ofFilter;
        this.denied = denied;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        DynamicMetadata metadata = context.info().dynamicMetadata();
        apply(ofFilter, metadata);
        SetMetadataSettings ofRoute = context.override(SetMetadataSettings.class);
        if (ofRoute != null) {
            apply(ofRoute, metadata);
        }
        return Step.CONTINUE;
    }

    private void apply(SetMetadataSettings settings, DynamicMetadata metadata) {
        for (Entry entry : settings.entries()) {
            if (!entry.addTo(metadata)) {
                denied.inc();
            }
        }
    }
}
