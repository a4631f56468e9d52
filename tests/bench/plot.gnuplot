# SPDX-License-Identifier: GPL-2.0-only
# plot.gnuplot - instructions, side by side: see record.sh
#
# The files read, write, hit and load have lines of a name, a tab and a value.
set datafile separator "\t"
set multiplot layout 2,2
set style fill solid 0.7 noborder
set boxwidth 0.6
set yrange [0:*]
set ylabel "instructions"
set xtics rotate by -35 noenhanced font ",8"
set bmargin 10
set grid ytics
unset key
set title "a read of 64 bytes"
plot "read" using 0:2:xtic(1) with boxes, "" using 0:2:2 with labels offset 0,0.6 font ",8"
set title "a write of 64 bytes"
plot "write" using 0:2:xtic(1) with boxes, "" using 0:2:2 with labels offset 0,0.6 font ",8"
set title "a hit of a probe"
plot "hit" using 0:2:xtic(1) with boxes, "" using 0:2:2 with labels offset 0,0.6 font ",8"
set title "load and unload"
plot "load" using 0:2:xtic(1) with boxes
unset multiplot
