package dev.attache.filters.http.header_to_metadata;

import dev.attache.filters.http.header_to_metadata.HeaderToMetadataStats.OfDirection;
import dev.attache.filters.metadata.MetadataUpdate;
import dev.attache.filters.wire.Base64Text;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One stream. Loop-confined. */
final class HeaderToMetadataFilter implements HttpFilter {

    /** A value that is as long, or longer, is not written. In bytes. */
    private static final int TOO_LONG = 8 * 1024;

    private final HeaderToMetadataSpec.OnWorker worker;

    /** What holds for this stream, the route's or the filter's: the same until its end. */
    private @Nullable HeaderToMetadataSettings settings;

    private @Nullable HeaderToMetadataStats stats;

    HeaderToMetadataFilter(HeaderToMetadataSpec.OnWorker worker) {
        this.worker = worker;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        List<Rule> rules = settings(context).request();
        if (!rules.isEmpty()) {
            write(rules, headers, context, stats == null ? null : stats.request);
        }
        return Step.CONTINUE;
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        List<Rule> rules = settings(context).response();
        if (!rules.isEmpty()) {
            write(rules, headers, context, stats == null ? null : stats.response);
        }
        return Step.CONTINUE;
    }

    private HeaderToMetadataSettings settings(FilterContext context) {
        HeaderToMetadataSettings known = settings;
        if (known == null) {
            HeaderToMetadataSettings ofRoute = context.override(HeaderToMetadataSettings.class);
            known = ofRoute != null ? ofRoute : worker.settings();
            settings = known;
            stats = worker.stats(known);
        }
        return known;
    }

    private void write(
            List<Rule> rules,
            Headers headers,
            FilterContext context,
            @Nullable OfDirection counted) {
        MetadataUpdate update = new MetadataUpdate();
        for (Rule rule : rules) {
            String found = rule.selector().take(headers);
            if (counted != null) {
                counted.rulesProcessed.inc();
            }
            boolean written = false;
            if (found != null && rule.present() != null) {
                String value = rule.present().value();
                written =
                        write(
                                rule.present(),
                                value.isEmpty() ? rewritten(rule, found) : value,
                                update);
            } else if (found == null && rule.missing() != null) {
                if (counted != null) {
                    counted.headerNotFound.inc();
                }
                written = write(rule.missing(), rule.missing().value(), update);
            }
            if (written && counted != null) {
                counted.metadataAdded.inc();
            }
        }
        if (!update.isEmpty()) {
            update.addTo(context.info().dynamicMetadata());
        }
    }

    private String rewritten(Rule rule, String found) {
        if (rule.rewrite() == null) {
            return found;
        }
        String value = rule.rewrite().replaceAll(found, rule.substitution());
        if (value.isEmpty() && !found.isEmpty() && stats != null) {
            stats.regexSubstitutionFailed.inc();
        }
        return value;
    }

    /** False where the value is none of its kind, or nothing. */
    private boolean write(Target target, String octets, MetadataUpdate update) {
        String value = octets;
        if (value.isEmpty()) {
            return false;
        }
        if (value.length() >= TOO_LONG) {
            if (stats != null) {
                stats.headerValueTooLong.inc();
            }
            return false;
        }
        if (target.base64()) {
            value = Base64Text.decode(value);
            if (value.isEmpty()) {
                if (stats != null) {
                    stats.base64DecodeFailed.inc();
                }
                return false;
            }
        }
        MetadataValue made = ValueWire.of(value, target.type());
        if (made == null) {
            return false;
        }
        update.put(target.namespace(), target.key(), made);
        return true;
    }
}
