package dev.attache.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.extension.ExtensionRegistry;
import dev.attache.config.extension.SupportDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/extensions.md says what the code says; {@code -Dattache.docs.write=true} writes it anew. */
final class SupportDocumentTest {
    private static final Path PAGE = Path.of("../docs/extensions.md");

    @Test
    void thePageIsUpToDate() throws IOException {
        String rendered = SupportDocument.render(new ExtensionRegistry(BuiltinExtension.all()));
        if (Boolean.getBoolean("attache.docs.write")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, rendered);
        }
        assertThat(PAGE).content().isEqualTo(rendered);
    }
}
