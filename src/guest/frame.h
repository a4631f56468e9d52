/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * frame.h - what the command and the guest say to each other in a session
 *
 * Each frame is a line "LETTER SIZE" with that many bytes behind it. See session.c
 * here, and in the command.
 */
#ifndef LKP_FRAME_H
#define LKP_FRAME_H

/* The longest line of that kind, with its newline and a NUL. */
#define FRAME_HEADER 16
#define FRAME_LIMIT 65536

/* From the command. */
enum frame_request {
	FRAME_SHELL = 'N',	/* a new shell, in place of the one there is */
	FRAME_RUN = 'R',	/* run this text in it */
	FRAME_INTERRUPT = 'I',	/* interrupt what runs in it */
	FRAME_KILL = 'K',	/* end it with all that it runs */
	FRAME_TERMINAL = 'T',	/* a terminal with a shell: "ROWS COLUMNS TERM" */
	FRAME_KEYS = 'D',	/* what was typed there */
	FRAME_WINDOW = 'W',	/* its new size: "ROWS COLUMNS" */
};

/* From the guest. */
enum frame_answer {
	FRAME_HELLO = 'H',	/* it listens; the release of the kernel */
	FRAME_OUTPUT = 'O',	/* of what runs in the shell */
	FRAME_ENDED = 'E',	/* of that, the exit status */
	FRAME_SCREEN = 'S',	/* what the terminal shows */
	FRAME_CLOSED = 'C',	/* the shell of the terminal has ended */
};

#endif
