package dev.attache.filters.http.lua;

import dev.attache.filters.filter_state.StateFromText;
import dev.attache.filters.http.lua.exchange.Question;
import dev.attache.filters.http.lua.exchange.StructKind;
import dev.attache.filters.http.lua.exchange.TypedMetadataWire;
import dev.attache.filters.lua.LuaReader;
import dev.attache.filters.lua.LuaState;
import dev.attache.filters.lua.LuaValues;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.DynamicMetadata;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.metadata.TypedMetadata;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.route.Route;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What objects of metadata and filter state are asked. */
final class MetadataAnswers {

    private static final String CANONICAL = "envoy.filters.http.lua";

    private final ScriptRun run;

    MetadataAnswers(ScriptRun run) {
        this.run = run;
    }

    int answer(Question question, int number, MemorySegment text, MemorySegment more) {
        return switch (question) {
            case STRUCT_GET -> get(fields(StructKind.of(number)), Octets.text(LuaState.text(text)));
            case STRUCT_ALL -> all(fields(StructKind.of(number)));
            case METADATA_SET -> set(LuaState.text(text), new LuaReader(more));
            case TYPED_METADATA -> typed(number != 0, LuaState.text(text));
            case STATE_GET -> state(LuaState.text(text), number != 0 ? LuaState.text(more) : null);
            default -> setState(LuaState.text(text), new LuaReader(more));
        };
    }

    private Map<String, ? extends MetadataValue> fields(StructKind kind) {
        FilterContext stream = run.stream();
        Route route = stream.route();
        return switch (kind) {
            case METADATA -> ofRoute(route, true).fields();
            case ROUTE -> ofRoute(route, false).fields();
            case VIRTUAL_HOST ->
                    struct(stream.info().virtualHostMetadata, stream.filterName()).fields();
            case CONTEXT -> run.filter().context().fields();
            case DYNAMIC -> stream.info().dynamicMetadata().snapshot().filterMetadata();
            case CONNECTION ->
                    stream.info().downstream().dynamicMetadata().snapshot().filterMetadata();
        };
    }

    private MetadataValue.Struct ofRoute(@Nullable Route route, boolean alsoCanonical) {
        if (route == null) {
            return MetadataValue.EMPTY_STRUCT;
        }
        Map<String, MetadataValue.Struct> all = run.stream().info().routeMetadata.filterMetadata();
        MetadataValue.Struct own = all.get(run.stream().filterName());
        if (own == null && alsoCanonical) {
            own = all.get(CANONICAL);
        }
        return own == null ? MetadataValue.EMPTY_STRUCT : own;
    }

    private static MetadataValue.Struct struct(Metadata metadata, String name) {
        MetadataValue.Struct found = metadata.filterMetadata().get(name);
        return found == null ? MetadataValue.EMPTY_STRUCT : found;
    }

    private int get(Map<String, ? extends MetadataValue> fields, String key) {
        MetadataValue value = fields.get(key);
        return value == null ? LuaState.NOTHING : run.lua().value(write(new LuaValues(), value));
    }

    private int all(Map<String, ? extends MetadataValue> fields) {
        LuaValues list = new LuaValues().list(2 * fields.size());
        fields.forEach((key, value) -> write(list.text(Octets.of(key)), value));
        return run.lua().value(list);
    }

    private static LuaValues write(LuaValues out, MetadataValue value) {
        return switch (value) {
            case MetadataValue.Text(String text) -> out.text(Octets.of(text));
            case MetadataValue.Number(double number) -> out.number(number);
            case MetadataValue.Bool(boolean flag) -> out.bool(flag);
            case MetadataValue.Null ignored -> out.nil();
            case MetadataValue.Sequence(var values) -> {
                out.list(values.size());
                values.forEach(element -> write(out, element));
                yield out;
            }
            case MetadataValue.Struct(var fields) -> {
                out.table(fields.size());
                fields.forEach((key, field) -> write(out.text(Octets.of(key)), field));
                yield out;
            }
        };
    }

    private int set(String namespace, LuaReader written) {
        String key = Octets.text(written.text());
        MetadataValue value = written.value();
        run.stream()
                .info()
                .dynamicMetadata()
                .merge(Octets.text(namespace), new MetadataValue.Struct(Map.of(key, value)));
        return LuaState.NOTHING;
    }

    private int typed(boolean ofConnection, String namespace) {
        DynamicMetadata metadata =
                ofConnection
                        ? run.stream().info().downstream().dynamicMetadata()
                        : run.stream().info().dynamicMetadata();
        TypedMetadata message = metadata.typed().get(Octets.text(namespace));
        LuaValues table = message == null ? null : TypedMetadataWire.table(message);
        return table == null ? LuaState.NIL : run.lua().value(table);
    }

    private int state(String name, @Nullable String field) {
        FilterState.Value value = run.stream().info().filterState().get(name);
        if (value == null) {
            return LuaState.NOTHING;
        }
        if (field == null) {
            return run.lua().text(value.serializeAsString());
        }
        String found = value.hasFields() ? value.field(field) : null;
        return found == null ? LuaState.NOTHING : run.lua().text(found);
    }

    private int setState(String name, LuaReader written) {
        String factory = written.text();
        String text = written.text();
        if (!StateFromText.isFactory(factory)) {
            return run.lua().error("'" + factory + "' does not have an object factory");
        }
        FilterState.Value value = StateFromText.make(factory, text);
        if (value == null) {
            return run.lua().error("failed to create filter state object from value");
        }
        run.stream().info().filterState().set(name, value);
        return LuaState.NOTHING;
    }
}
