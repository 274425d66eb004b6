package dev.attache.filters.http.json_to_metadata;

import dev.attache.filters.metadata.MetadataUpdate;
import dev.attache.proxy.metadata.DynamicMetadata;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the rules make of one message. One use; loop-confined. */
final class BodyReading {
    private final BodyRules rules;
    private final JsonToMetadataStats stats;
    private final Direction direction;
    private final FilterContext context;
    private final DynamicMetadata known;
    private final MetadataUpdate update = new MetadataUpdate();

    BodyReading(
            BodyRules rules,
            JsonToMetadataStats stats,
            Direction direction,
            FilterContext context) {
        this.rules = rules;
        this.stats = stats;
        this.direction = direction;
        this.context = context;
        this.known = context.info().dynamicMetadata();
    }

    /**
     * Looks at the head; true where a body is to follow and to be read.
     *
     * @param end there is none
     */
    boolean begins(@Nullable String contentType, boolean end) {
        if (!rules.reads(contentType)) {
            stats.mismatchedContentType.inc();
            failed();
            return false;
        }
        if (end) {
            nothing();
        }
        return !end;
    }

    /** There is no body. */
    void nothing() {
        stats.noBody.inc();
        missing();
    }

    /** The whole body. */
    void body(ByteBuf data) {
        if (!data.isReadable()) {
            nothing();
            return;
        }
        JsonValue json;
        try {
            json = JsonBody.read(data);
        } catch (JsonSyntaxException e) {
            stats.invalidJsonBody.inc();
            failed();
            return;
        }
        stats.success.inc();
        if (json instanceof JsonValue.Fields || json instanceof JsonValue.Items) {
            for (Rule rule : rules.rules()) {
                apply(rule, json);
            }
            finish();
        } else {
            // JSON, but nothing that has fields.
            missing();
        }
    }

    private void missing() {
        for (Rule rule : rules.rules()) {
            missing(rule);
        }
        finish();
    }

    private void missing(Rule rule) {
        if (rule.missing() != null) {
            rule.missing().putOwn(update, known);
        }
    }

    private void failed() {
        for (Rule rule : rules.rules()) {
            if (rule.error() != null) {
                rule.error().putOwn(update, known);
            }
        }
        finish();
    }

    private void apply(Rule rule, JsonValue json) {
        List<String> path = rule.path();
        JsonValue node = json;
        for (int i = 0; i < path.size() - 1; i++) {
            node = node.field(path.get(i));
            if (!(node instanceof JsonValue.Fields)) {
                missing(rule);
                return;
            }
        }
        Target target = rule.present();
        if (target == null) {
            return;
        }
        if (target.value() != null) {
            target.putOwn(update, known);
            return;
        }
        JsonValue found = node.field(path.getLast());
        FoundValue.Result made = FoundValue.of(found, target.type());
        if (!made.fits()) {
            missing(rule);
        } else if (made.value() != null) {
            target.put(made.value(), update, known);
        }
    }

    private void finish() {
        if (update.isEmpty()) {
            return;
        }
        update.addTo(known);
        if (direction == Direction.REQUEST) {
            context.clearRoute();
        }
    }
}
