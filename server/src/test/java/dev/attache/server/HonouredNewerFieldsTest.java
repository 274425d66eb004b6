package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.attache.api.ApiTable;
import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.api.Support;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What is newer than the message classes is read by its name, so a field that is said to be
 * honoured, and that no code names, is dropped in silence.
 */
class HonouredNewerFieldsTest {
    /** Compilers, and whose constants are called as the API's. */
    private static final String[] PACKAGES = {
        "dev.attache.config",
        "dev.attache.filters",
        "dev.attache.server",
        "dev.attache.xds",
        "dev.attache.proxy.stream.format"
    };

    @Test
    void whatIsSaidToBeHonouredIsNamedInTheCode() {
        Set<String> named = constants();
        List<String> unread = new ArrayList<>();
        int honoured = 0;
        for (String message : ApiTable.messageNames()) {
            MessageType type = Objects.requireNonNull(ApiTable.message(message));
            for (FieldType field : type.fields()) {
                Support support = field.support();
                if (support == null || support.status() != Support.Status.HONOURED) {
                    continue;
                }
                if (field.isNewer()) {
                    honoured++;
                    if (!named.contains(field.name())) {
                        unread.add(field.fullName());
                    }
                }
                for (String value : support.values()) {
                    if (!named.contains(value)) {
                        unread.add(field.fullName() + " " + value);
                    }
                }
            }
        }
        assertThat(unread).isEmpty();
        assertThat(honoured).isGreaterThan(10);
    }

    private static Set<String> constants() {
        Set<String> constants = new HashSet<>();
        for (JavaClass each :
                new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(PACKAGES)) {
            each.getSource().ifPresent(source -> add(source.getUri(), constants));
        }
        return constants;
    }

    private static void add(URI file, Set<String> constants) {
        try (InputStream in = file.toURL().openStream()) {
            for (PoolEntry entry : ClassFile.of().parse(in.readAllBytes()).constantPool()) {
                if (entry instanceof Utf8Entry text) {
                    constants.add(text.stringValue());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
