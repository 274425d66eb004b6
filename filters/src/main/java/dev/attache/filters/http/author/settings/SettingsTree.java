package dev.attache.filters.http.author.settings;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.filter.Settings;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.worker.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Settings as an object of values, which report at their places. Used while an author's code reads
 * them, on the thread that compiles.
 */
public final class SettingsTree implements Settings {
    private final MetadataValue.Struct object;
    private final byte @Nullable [] message;

    /** Where what is wrong is said. */
    private final CompileContext place;

    private SettingsTree(
            MetadataValue.Struct object, byte @Nullable [] message, CompileContext place) {
        this.object = object;
        this.message = message;
        this.place = place;
    }

    /** Settings that are an object, at the place where it stands. */
    public static SettingsTree of(MetadataValue.Struct object, CompileContext place) {
        return new SettingsTree(object, null, place);
    }

    /** Settings that are the bytes of a message. */
    public static SettingsTree of(byte[] message, CompileContext place) {
        return new SettingsTree(MetadataValue.EMPTY_STRUCT, message, place);
    }

    /** What an author's code makes of the settings; what it throws is an error in them. */
    public <S> Compiled<S> result(Supplier<S> code, CompileContext context) {
        S made = null;
        try {
            made = Objects.requireNonNull(code.get(), "the factory returned null");
        } catch (Throwable e) {
            Faults.contain(e);
            if (!context.diagnostics().hasErrors()) {
                context.error("the filter's factory threw " + Faults.text(e));
            }
        }
        return context.result(made);
    }

    @Override
    public Set<String> names() {
        return object.fields().keySet();
    }

    /** A value that says null is none. */
    private @Nullable MetadataValue value(String name) {
        MetadataValue value = object.get(name);
        return value == MetadataValue.Null.INSTANCE ? null : value;
    }

    @Override
    public boolean has(String name) {
        return value(name) != null;
    }

    private void wrong(String name, String wanted) {
        error(name, "must be " + wanted);
    }

    @Override
    public @Nullable String text(String name) {
        MetadataValue value = value(name);
        if (value == null) {
            return null;
        }
        if (value instanceof MetadataValue.Text text) {
            return text.value();
        }
        wrong(name, "a text");
        return null;
    }

    @Override
    public String text(String name, String absent) {
        String text = text(name);
        return text == null ? absent : text;
    }

    @Override
    public String requiredText(String name) {
        MetadataValue value = value(name);
        if (value == null || value.equals(new MetadataValue.Text(""))) {
            error(name, "a text is required");
            return "";
        }
        return text(name, "");
    }

    @Override
    public long integer(String name, long absent) {
        MetadataValue value = value(name);
        if (value == null) {
            return absent;
        }
        if (value instanceof MetadataValue.Number(double number)
                && number == Math.rint(number)
                && Math.abs(number) <= 0x1p53) {
            return (long) number;
        }
        if (value instanceof MetadataValue.Text(String text)) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                error(name, "must be a whole number, and is '" + text + "'");
                return absent;
            }
        }
        wrong(name, "a whole number");
        return absent;
    }

    @Override
    public long integer(String name, long absent, long least, long most) {
        long value = integer(name, absent);
        if (has(name) && (value < least || value > most)) {
            error(name, "must be from %d to %d, and is %d".formatted(least, most, value));
            return absent;
        }
        return value;
    }

    @Override
    public double number(String name, double absent) {
        MetadataValue value = value(name);
        if (value == null) {
            return absent;
        }
        if (value instanceof MetadataValue.Number(double number)) {
            return number;
        }
        // YAML's fractions arrive as text, as Envoy reads them.
        if (value instanceof MetadataValue.Text(String text) && DurationText.isNumber(text)) {
            return Double.parseDouble(text);
        }
        wrong(name, "a number");
        return absent;
    }

    @Override
    public boolean flag(String name, boolean absent) {
        MetadataValue value = value(name);
        if (value == null) {
            return absent;
        }
        if (value instanceof MetadataValue.Bool(boolean flag)) {
            return flag;
        }
        wrong(name, "true or false");
        return absent;
    }

    @Override
    public Duration duration(String name, Duration absent) {
        MetadataValue value = value(name);
        if (value == null) {
            return absent;
        }
        Duration duration =
                switch (value) {
                    case MetadataValue.Number(double seconds) -> DurationText.ofSeconds(seconds);
                    case MetadataValue.Text(String text) -> DurationText.read(text);
                    default -> null;
                };
        if (duration == null) {
            wrong(name, "a time such as 1.5s or 20ms");
            return absent;
        }
        return duration;
    }

    private List<MetadataValue> items(String name, String wanted) {
        MetadataValue value = value(name);
        if (value == null) {
            return List.of();
        }
        if (value instanceof MetadataValue.Sequence sequence) {
            return sequence.values();
        }
        wrong(name, wanted);
        return List.of();
    }

    @Override
    public List<String> texts(String name) {
        List<MetadataValue> items = items(name, "a list of texts");
        List<String> texts = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof MetadataValue.Text(String text)) {
                texts.add(text);
            } else {
                error(name, i, "must be a text");
            }
        }
        return Collections.unmodifiableList(texts);
    }

    @Override
    public @Nullable Settings object(String name) {
        MetadataValue value = value(name);
        if (value == null) {
            return null;
        }
        if (value instanceof MetadataValue.Struct within) {
            return new SettingsTree(within, null, place.at(name));
        }
        wrong(name, "an object");
        return null;
    }

    @Override
    public List<Settings> objects(String name) {
        List<MetadataValue> items = items(name, "a list of objects");
        List<Settings> objects = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof MetadataValue.Struct within) {
                objects.add(new SettingsTree(within, null, place.at(name, i)));
            } else {
                error(name, i, "must be an object");
            }
        }
        return Collections.unmodifiableList(objects);
    }

    @Override
    public void only(String... names) {
        Set<String> known = new HashSet<>(Arrays.asList(names));
        for (String name : object.fields().keySet()) {
            if (!known.contains(name)) {
                error(name, "there is no such setting; there are " + String.join(", ", names));
            }
        }
    }

    @Override
    public void error(String name, String text) {
        place.at(name).error(text);
    }

    @Override
    public void error(String name, int index, String text) {
        place.at(name, index).error(text);
    }

    @Override
    public void error(String text) {
        place.error(text);
    }

    @Override
    public void warning(String name, String text) {
        place.at(name).warning(text);
    }

    @Override
    public String path() {
        return place.path();
    }

    @Override
    public byte @Nullable [] message() {
        return message == null ? null : message.clone();
    }
}
