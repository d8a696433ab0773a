/**
 * Yima (一码): keeps merchants' WeChat tokens valid and a ledger of their marketing codes, for many
 * service providers at once.
 *
 * <p>This package starts the application and nothing more. Each package below is a room with one
 * subject; their package comments together are the architecture, and {@code ArchitectureTest} holds
 * which room may use which.
 */
@NullMarked
package io.yima;

import org.jspecify.annotations.NullMarked;
