@NullMarked
package io.yima;

import org.jspecify.annotations.NullMarked;
