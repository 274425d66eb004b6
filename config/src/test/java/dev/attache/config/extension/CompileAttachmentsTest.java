package dev.attache.config.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import org.junit.jupiter.api.Test;

class CompileAttachmentsTest {

    private static final ConfigSource HERE = ConfigSource.getDefaultInstance();
    private static final ConfigSource THERE = ConfigSource.newBuilder().setPath("/x").build();

    @Test
    void ofSeveralUsersOfAResourceTheFirstCounts() {
        CompileAttachments attachments = new CompileAttachments();
        attachments.dependsOn(new ResourceDependency("t", "a", HERE, "first"));
        attachments.dependsOn(new ResourceDependency("t", "a", HERE, "second"));
        attachments.dependsOn(new ResourceDependency("t", "b", HERE));
        attachments.dependsOn(new ResourceDependency("t", "a", THERE, "third"));
        attachments.dependsOn(new ResourceDependency("u", "a", HERE));
        assertThat(attachments.dependencies())
                .extracting(each -> each.name() + " " + each.statPrefix())
                .containsExactly("a first", "b ", "a third", "a ");
    }
}
