import {
  Bell,
  Diamond,
  FlaskConical,
  HandHelping,
  type LucideIcon,
  TriangleAlert,
  Wrench,
} from 'lucide-react'

/** A shape for each class, so that colour is never alone. */
const shapes: Readonly<Record<string, LucideIcon>> = {
  call: Bell,
  hazard: TriangleAlert,
  inferred: Diamond,
  technical: Wrench,
  service: HandHelping,
  test: FlaskConical,
}

export const shapeOf = (alarmClass: string): LucideIcon => shapes[alarmClass] ?? Bell
