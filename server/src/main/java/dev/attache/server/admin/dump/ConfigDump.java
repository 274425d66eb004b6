package dev.attache.server.admin.dump;

import dev.attache.api.ApiTable;
import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.server.admin.http.AdminBody;
import dev.attache.server.admin.http.AdminResponse;
import dev.attache.server.admin.message.KnownTypes;
import dev.attache.server.admin.message.MessageMask;
import dev.attache.server.admin.message.MessagePrinter;
import dev.attache.server.admin.message.Part;
import dev.attache.server.admin.message.wire.MessageBytes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One answer of {@code /config_dump}; sensitive fields redacted. Used by one thread, once. */
public final class ConfigDump {

    private static final String PLAIN_TEXT = "text/plain";

    private final List<DumpSection> sections;
    private final KnownTypes types;

    public ConfigDump(List<DumpSection> sections, KnownTypes types) {
        this.sections = sections;
        this.types = types;
    }

    /**
     * Everything, or with a mask parts of it.
     *
     * @param mask as the request has it, null for all
     */
    public AdminResponse all(@Nullable String mask) {
        MessageMask wanted = MessageMask.of(mask);
        List<DumpSection> shown =
                // A path that one section does not have may well be another's.
                sections.stream()
                        .filter(section -> wanted == null || wanted.fits(section.type()))
                        .toList();
        if (wanted != null && shown.isEmpty()) {
            return new AdminResponse(
                    400,
                    PLAIN_TEXT,
                    "FieldMask " + mask + " could not be successfully applied to any configs.");
        }
        return print(shown.stream().map(section -> section.part(wanted).packed()).iterator());
    }

    /** One repeated field of one section, element by element. */
    public AdminResponse resource(String name, @Nullable String mask) {
        for (DumpSection section : sections) {
            FieldType field = section.type().field(name);
            if (field == null || !field.name().equals(name)) {
                continue;
            }
            if (!field.isRepeated()) {
                return new AdminResponse(
                        400,
                        PLAIN_TEXT,
                        name
                                + " is not a repeated field. Use ?mask="
                                + name
                                + " to get only this field");
            }
            MessageMask wanted = MessageMask.of(mask);
            return wanted == null
                    ? print(parts(section.elements(field), null))
                    : resource(section, field, wanted);
        }
        return new AdminResponse(404, PLAIN_TEXT, name + " not found in config dump");
    }

    private AdminResponse resource(DumpSection section, FieldType field, MessageMask mask) {
        MessageMask.Resource trimmed = mask.ofResource(field.message());
        Iterator<MessageBytes> elements = section.elements(field);
        while (elements.hasNext()) {
            if (!trimmed.fits(elements.next(), types)) {
                return new AdminResponse(
                        400,
                        PLAIN_TEXT,
                        "FieldMask " + mask.text() + " could not be successfully used.");
            }
        }
        return print(parts(section.elements(field), trimmed));
    }

    private Iterator<Part> parts(
            Iterator<MessageBytes> elements, MessageMask.@Nullable Resource mask) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return elements.hasNext();
            }

            @Override
            public Part next() {
                MessageBytes element = elements.next();
                return Part.of(mask == null ? element : mask.keep(element, types)).packed();
            }
        };
    }

    private AdminResponse print(Iterator<Part> configs) {
        MessageType dump = ApiTable.of(io.envoyproxy.envoy.admin.v3.ConfigDump.class);
        FieldType field = Objects.requireNonNull(dump.field("configs"), "configs");
        Part.Growing all =
                new Part.Growing(
                        MessageBytes.of(dump, new byte[0]),
                        null,
                        new ArrayList<>(List.of(Part.Elements.each(field, configs))));
        return AdminResponse.json(AdminBody.of(MessagePrinter.redacting(types, all)));
    }
}
